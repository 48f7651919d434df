"""The waiting queue as rows."""

from dataclasses import dataclass

from kefu_desk.domain.text import NOTHING, Text
from kefu_desk.presenters.tone import Tone


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A waiting customer: 60-px row. `key` is the openid; `glyph` is empty for a pixel avatar.

    `timer` is language-free (`≥6:12`). `note` replaces the detail when somebody else got the customer.
    """

    key: str
    name: Text
    glyph: str
    timer: str
    tone: Tone
    badge: Text | None
    detail: tuple[Text, ...]
    accepting: bool
    can_accept: bool
    note: Text | None
    sentence: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue pane. `known` False shows the skeleton, with `slow` after five seconds.

    `unlisted` says that more wait than WeChat lists. `can_accept_next` enables the link of the header.
    """

    rows: tuple[QueueRow, ...] = ()
    count: int = 0
    known: bool = False
    slow: bool = False
    empty: Text = NOTHING
    unlisted: Text | None = None
    can_accept_next: bool = False
    why_not: Text | None = None
