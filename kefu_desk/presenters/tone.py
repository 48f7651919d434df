"""The meanings a colour may carry, so that presenters never name a colour."""

from enum import StrEnum


class Tone(StrEnum):
    """What a piece of the window says by its colour, always beside a shape or a word."""

    PLAIN = "plain"
    MUTED = "muted"
    GOOD = "good"
    SOON = "soon"
    LATE = "late"
    LINK = "link"
