"""A conversation as rows: bubbles, day separators and notes."""

from enum import StrEnum

from msgspec import Struct

from kefu_desk.domain.text import NOTHING, Text
from kefu_desk.presenters.tone import Tone


class RowKind(StrEnum):
    """What a row of the conversation is."""

    DAY = "day"
    NEW = "new"
    BUBBLE = "bubble"
    CARD = "card"
    NOTE = "note"


class Side(StrEnum):
    """Whose bubble it is: customer left; me and colleagues right."""

    IN = "in"
    OUT = "out"
    PEER = "peer"


class RowAction(Struct, frozen=True):
    """A link in the meta line of a bubble; `name` travels with the intent."""

    name: str
    words: Text


class TimelineRow(Struct, frozen=True):
    """One row of the message list.

    DAY, NEW and NOTE use only `words`. BUBBLE holds plain `body`. CARD stands for a medium: `icon`, `words`,
    `more`. `first`/`last` tell the place in a group of one sender; the meta line (`meta`, `state`,
    `state_icon`, `actions`) is drawn under the last of a group. `above` stands over a colleague's bubble.
    `stamp` is the full time, for the hover. A `question` is asked in a block under the bubble, a phrase a
    line, and the actions are its buttons.
    """

    key: str
    kind: RowKind
    side: Side = Side.IN
    body: str = ""
    words: Text = NOTHING
    more: Text | None = None
    icon: str = ""
    above: Text | None = None
    first: bool = True
    last: bool = True
    meta: str = ""
    state: Text | None = None
    state_icon: str = ""
    state_tone: Tone = Tone.MUTED
    actions: tuple[RowAction, ...] = ()
    stamp: str = ""
    sentence: tuple[Text, ...] = ()
    question: tuple[Text, ...] = ()


class ChatHeader(Struct, frozen=True):
    """The line over a conversation. `ring`, `dots` as in a session row; `clock` is the session's age."""

    key: str
    name: Text
    glyph: str
    tail: str
    ring: float | None
    ring_tone: Tone
    window: Text | None
    dots: int | None
    sends: Text | None
    clock: str
    clock_tone: Tone
    can_close: bool
    closing: bool
    in_session: bool


class Banner(Struct, frozen=True):
    """A 36-px line over the messages. `tone` is SOON (amber) or LATE (red)."""

    key: str
    tone: Tone
    icon: str
    words: Text
    actions: tuple[RowAction, ...] = ()
    tooltip: Text | None = None


class ChatView(Struct, frozen=True):
    """The middle of the window. No header: no conversation is chosen. `empty` stands in for no rows."""

    header: ChatHeader | None = None
    rows: tuple[TimelineRow, ...] = ()
    banners: tuple[Banner, ...] = ()
    loading: bool = False
    empty: Text | None = None
    conversation: str = ""
