"""The own sessions as rows."""

from dataclasses import dataclass

from kefu_desk.domain.text import Text
from kefu_desk.presenters.tone import Tone


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A served customer: 64-px row. `key` is the openid.

    `ring` is the share of the 48-hour window left (None: unknown, 0: closed), `ring_tone` its colour; `dots`
    the sends left of five (None: unknown). `hours` is short (`41h`), `time` the clock time of the last
    message. `preview` is shown in order; `mark` is "", "failed" or "unknown". `dot` colours the state dot.
    """

    key: str
    name: Text
    glyph: str
    bold: bool
    ring: float | None
    ring_tone: Tone
    dots: int | None
    hours: Text | None
    time: str
    dot: Tone
    mark: str
    preview: tuple[Text, ...]
    preview_tone: Tone
    draft: bool
    unanswered: Text | None
    unanswered_tone: Tone
    unread: int
    sentence: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class SessionsView:
    """The sessions pane; `unanswered` is the count for the amber header note."""

    rows: tuple[SessionRow, ...] = ()
    count: int = 0
    unanswered: int = 0
    known: bool = False
    slow: bool = False
    can_accept_next: bool = False
    current: str = ""
