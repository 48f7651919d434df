"""The top strip and the status bar."""

from dataclasses import dataclass

from kefu_desk.domain.text import NOTHING, Text
from kefu_desk.presenters.tone import Tone


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the data is. `stopped` reads get a red word; `detail` fills the popup, a line each."""

    words: Text = NOTHING
    tone: Tone = Tone.MUTED
    title: Text = NOTHING
    detail: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class StripView:
    """The 44-px strip. `presence_tone` is GOOD online, LATE offline, MUTED unknown."""

    title: str = ""
    simulated: bool = False
    presence: Text = NOTHING
    presence_tone: Tone = Tone.MUTED
    presence_hint: Text = NOTHING
    waiting: int = 0
    waiting_known: bool = False
    longest: str = ""
    waiting_tone: Tone = Tone.MUTED
    mine: int = 0
    unanswered: int = 0
    unanswered_tone: Tone = Tone.MUTED
    freshness: Freshness = Freshness()


@dataclass(frozen=True, slots=True)
class StatusItem:
    """One entry of the status bar: icon, words, and a tooltip."""

    key: str
    icon: str
    words: Text
    tone: Tone = Tone.MUTED
    tooltip: Text | None = None


@dataclass(frozen=True, slots=True)
class StatusView:
    """The 24-px bar at the bottom: items from the left, `own` at the right."""

    items: tuple[StatusItem, ...] = ()
    own: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Toast:
    """A notice over the window that goes when read; `detail` is for the copy button."""

    number: int
    words: Text
    tone: Tone
    detail: str = ""
