"""The open conversation: records of WeChat with the sends of this desk laid over them."""

from msgspec import Struct
from msgspec.structs import replace

from kefu_desk.domain.allowance import window_of
from kefu_desk.domain.cases import Session
from kefu_desk.domain.limits import ReplyWindow
from kefu_desk.domain.messages import Kind, Record, RecordKey, record_key
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.domain.state import Conversation, DeskState
from kefu_desk.domain.text import Text, text, verbatim
from kefu_desk.presenters.banners import present_banners
from kefu_desk.presenters.gaps import gaps_after, present_gap
from kefu_desk.presenters.sends import SendView, came_twice, is_shown, present_send
from kefu_desk.presenters.sessions import dots_left, session_seconds, session_tone, window_share, window_tone
from kefu_desk.presenters.timeline import (
    ChatHeader,
    ChatView,
    RowKind,
    Side,
    TimelineRow,
)
from kefu_desk.presenters.tone import Tone
from kefu_desk.presenters.words import clock, customer_name, day, duration, local, stamp

WINDOW_ROWS = 300
GROUP_SECONDS = 180
MEDIA_ICONS = {Kind.IMAGE: "image", Kind.VOICE: "mic", Kind.VIDEO: "video"}


class _Line(Struct, frozen=True):
    """A bubble before grouping: who, when, and the row without its neighbours."""

    at: float
    who: str
    row: TimelineRow
    settled: bool


class ChatPresenter:
    """Presents the open conversation; the rows are made anew only when something in them has changed."""

    def __init__(self) -> None:
        self._made_from: tuple[object, ...] = ()
        self._rows: tuple[TimelineRow, ...] = ()

    def present(self, state: DeskState, now: float) -> ChatView:
        """The middle of the window at Unix second `now` on this computer."""
        talk = state.conversation
        banners = present_banners(state, now)
        if talk is None:
            return ChatView(banners=banners)
        server = now + (state.link.clock_offset or 0.0)
        session = next((s for s in state.sessions.items if s.openid == talk.openid), None)
        rows = self._timeline(state, talk, server)
        empty = text("chat.empty.session" if session is not None else "chat.empty.past")
        return ChatView(
            header=_header(state, talk, session, server),
            rows=rows,
            banners=banners,
            loading=not talk.loaded,
            empty=empty if talk.loaded and not rows else None,
            conversation=f"{talk.openid}#{talk.opened}",
        )

    def _timeline(self, state: DeskState, talk: Conversation, server: float) -> tuple[TimelineRow, ...]:
        offset = state.link.clock_offset or 0.0
        twice = came_twice(talk.items)
        sends = [
            (item, present_send(state, item, server - offset, twice=item.id in twice))
            for item in talk.items
            if is_shown(item)
        ]
        views = [view for _, view in sends]
        about = (state.agents.accounts, state.link.clock_offset, state.coverage)
        made_from = (talk, *about, local(server).date(), views)
        old_talk, *old_rest = self._made_from or (None,)
        if old_talk is not talk or tuple(old_rest) != made_from[1:]:
            self._made_from = made_from
            self._rows = _rows(state, talk, server, sends)
        return self._rows


def _header(state: DeskState, talk: Conversation, session: Session | None, server: float) -> ChatHeader:
    window = window_of(state, talk.openid)
    dots = dots_left(window, server)
    closing = talk.openid in state.sessions.closing
    tone = session_tone(state, session, server) if session is not None else Tone.MUTED
    return ChatHeader(
        key=talk.openid,
        name=customer_name(talk.openid),
        glyph="",
        tail=f"{talk.openid[:4]}…{talk.openid[-4:]}",
        ring=window_share(window, server, state.policy.rule),
        ring_tone=window_tone(window, server),
        window=_window_words(window, server),
        dots=dots,
        sends=text("sends.short", dots) if dots is not None else None,
        clock=duration(session_seconds(state, session, server)) if session is not None else "",
        clock_tone=Tone.MUTED if tone is Tone.GOOD else Tone.SOON,
        can_close=session is not None and not closing,
        closing=closing,
        in_session=session is not None,
    )


def _window_words(window: ReplyWindow | None, server: float) -> Text | None:
    if window is None:
        return None
    return text("window.refused") if window.refused else time_left(window.until - server)


def time_left(seconds: float) -> Text:
    """How long the reply window stays open."""
    if seconds <= 0:
        return text("window.over")
    return text("window.left", hours=int(seconds // 3600), minutes=int(seconds % 3600 // 60))


def _rows(
    state: DeskState, talk: Conversation, server: float, sends: list[tuple[OutboxItem, SendView]]
) -> tuple[TimelineRow, ...]:
    offset = state.link.clock_offset or 0.0
    lines = [_of_record(state, r) for r in talk.records if record_key(r) not in talk.claimed]
    lines += [_of_item(item, view, offset) for item, view in sends]
    if lines and state.coverage is not None:
        oldest = min(line.at for line in lines)
        for gap in gaps_after(state.coverage, oldest):
            row = present_gap(gap, state.coverage.fetching, server)
            lines.append(_Line(float(gap.start), row.key, row, settled=True))
    lines.sort(key=lambda line: line.at)
    lines = lines[-WINDOW_ROWS:]
    first_new = _record_row(talk.new_from) if talk.new_from is not None else ""
    unread_from = next((i for i, line in enumerate(lines) if line.row.key == first_new), -1)
    rows: list[TimelineRow] = []
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        after = lines[index + 1] if index + 1 < len(lines) else None
        if before is None or day(before.at, server) != day(line.at, server):
            rows.append(
                TimelineRow(
                    f"day:{int(line.at + 8 * 3600) // 86400}", RowKind.DAY, words=day(line.at, server)
                )
            )
        if index == unread_from:
            rows.append(TimelineRow("new", RowKind.NEW, words=text("chat.new")))
        first = index == unread_from or not _joined(before, line)
        last = (after is not None and index + 1 == unread_from) or not _joined(line, after)
        rows.append(replace(line.row, first=first, last=last))
    return tuple(rows)


def _record_row(record: RecordKey) -> str:
    return f"r{hash(record):x}"


def _joined(one: _Line | None, two: _Line | None) -> bool:
    if one is None or two is None:
        return False
    return one.who == two.who and one.settled and two.at - one.at < GROUP_SECONDS


def _of_record(state: DeskState, record: Record) -> _Line:
    at = clock(record.time)
    own = record.worker == state.identity.agent
    side = Side.IN if record.from_customer else Side.OUT if own else Side.PEER
    nick = next((a.nick for a in state.agents.accounts if a.agent == record.worker), record.worker)
    speaker = text("chat.customer") if side is Side.IN else text("chat.me") if own else verbatim(nick)
    key = _record_row(record_key(record))
    base = TimelineRow(
        key=key,
        kind=RowKind.BUBBLE,
        side=side,
        body=record.text,
        above=text("chat.peer", agent=nick, time=at) if side is Side.PEER else None,
        meta=at,
        state=text("record.elsewhere") if side is Side.OUT else None,
        stamp=stamp(record.time),
        sentence=(speaker, verbatim(at), verbatim(record.text)),
    )
    if record.kind is Kind.SYSTEM:
        words = text("record.system", code=record.opercode)
        base = TimelineRow(key, RowKind.NOTE, words=words, stamp=stamp(record.time), sentence=(words,))
    elif record.kind is not Kind.TEXT:
        kind = record.kind.value
        words = text(f"chat.card.{kind}") if side is Side.IN else text(f"media.{kind}")
        more = text("chat.card.more") if side is Side.IN else None
        base = replace(
            base,
            kind=RowKind.CARD,
            body="",
            words=words,
            more=more,
            icon=MEDIA_ICONS[record.kind],
            sentence=(speaker, verbatim(at), words),
        )
    who = f"{side.value}:{record.worker if side is Side.PEER else ''}"
    return _Line(float(record.time), who if base.kind is not RowKind.NOTE else key, base, settled=True)


def _of_item(item: OutboxItem, view: SendView, offset: float) -> _Line:
    at = item.created + offset
    said = (text("chat.me"), verbatim(clock(at)), verbatim(item.text))
    row = TimelineRow(
        key=f"o{item.id}",
        kind=RowKind.BUBBLE,
        side=Side.OUT,
        body=item.text,
        meta=clock(at),
        state=view.words,
        state_icon=view.icon,
        state_tone=view.tone,
        actions=view.actions,
        stamp=stamp(at),
        sentence=(*said, view.words, *view.question),
        question=view.question,
    )
    quiet = item.state is SendState.SENT and not view.actions and view.tone is Tone.MUTED
    return _Line(at, f"{Side.OUT.value}:", row, settled=quiet)
