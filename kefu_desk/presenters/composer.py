"""Whether and why a reply may be written."""

from dataclasses import dataclass

from kefu_desk.domain.text import Text
from kefu_desk.presenters.tone import Tone


@dataclass(frozen=True, slots=True)
class ComposerView:
    """The reply box for one customer (`key`); `blocked` says why sending is not possible now.

    The text itself belongs to the widget; a `refusal` tells why the last text was not taken.
    """

    key: str = ""
    shown: bool = False
    grant: Text | None = None
    grant_tone: Tone = Tone.MUTED
    ring: float | None = None
    blocked: Text | None = None
    refusal: Text | None = None
