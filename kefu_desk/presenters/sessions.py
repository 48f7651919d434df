"""The own sessions as rows."""

from msgspec import Struct

from kefu_desk.domain.allowance import sent_at, window_of
from kefu_desk.domain.cases import Session
from kefu_desk.domain.digest import EMPTY, Digest
from kefu_desk.domain.guard import Guard, guard_of, session_age
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.limits import (
    DEFAULT_RULE,
    SESSION_SECONDS,
    UNANSWERED_SOON_SECONDS,
    ReplyRule,
    ReplyWindow,
)
from kefu_desk.domain.messages import Kind, Record
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import Text, text, verbatim
from kefu_desk.presenters.queue import SLOW_SECONDS, can_accept_next
from kefu_desk.presenters.tone import Tone
from kefu_desk.presenters.words import customer_name, duration, short_time, span


class SessionRow(Struct, frozen=True):
    """A served customer: 64-px row. `key` is the openid.

    `ring` is the share of the 48-hour window left (None: unknown, 0: closed), `ring_tone` its colour; `dots`
    the sends left of five (None: unknown or not counted). `hours` is short (`41h`), `time` the clock time of
    the last message. `preview` is shown in order; `mark` is "", "failed", "unknown" or "parked". `dot`
    colours the state dot.
    `guard` tells that the half hour of the session is nearly over, or over.
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
    guard: Text | None = None


class SessionsView(Struct, frozen=True):
    """The sessions pane; `unanswered` and `lapsed` are the counts for the amber notes of the header."""

    rows: tuple[SessionRow, ...] = ()
    count: int = 0
    unanswered: int = 0
    lapsed: int = 0
    known: bool = False
    slow: bool = False
    can_accept_next: bool = False
    current: str = ""


PREVIEW = 80
WINDOW_SOON = 2 * 3600
TONES = {Guard.SAFE: Tone.GOOD, Guard.SOON: Tone.SOON, Guard.LAPSED: Tone.MUTED}


def present_sessions(state: DeskState, now: float) -> SessionsView:
    """The own sessions: unanswered first by age, then by last traffic."""
    server = now + (state.link.clock_offset or 0.0)
    items = sorted(state.sessions.items, key=lambda s: _order(state, s))
    opened = state.identity.opened_at
    return SessionsView(
        rows=tuple(_row(state, session, server) for session in items),
        count=len(items),
        unanswered=sum(1 for s in items if unanswered_since(state, s.openid) is not None),
        lapsed=sum(1 for s in items if guard(state, s, server) is Guard.LAPSED),
        known=state.sessions.known,
        slow=not state.sessions.known and opened is not None and now - opened > SLOW_SECONDS,
        can_accept_next=can_accept_next(state),
        current=state.conversation.openid if state.conversation is not None else "",
    )


def unanswered_since(state: DeskState, openid: OpenId) -> int | None:
    """When the oldest unanswered message came; own sends count as soon as WeChat accepts them."""
    digest = state.digests.get(openid, EMPTY)
    if digest.unanswered_since is None:
        return None
    sent = state.unexplained.get(openid, ())
    if any(sent_at(state, item) >= (digest.last_customer_time or 0) for item in sent):
        return None
    return digest.unanswered_since


def window_tone(window: ReplyWindow | None, server: float) -> Tone:
    """Green while there is time, amber in the last two hours, grey when closed or unknown."""
    if window is None or server >= window.until:
        return Tone.MUTED
    return Tone.SOON if window.until - server < WINDOW_SOON else Tone.GOOD


def window_share(window: ReplyWindow | None, server: float, rule: ReplyRule = DEFAULT_RULE) -> float | None:
    """How much of the reply window is left, 0 to 1; None when no customer message was seen."""
    if window is None:
        return None
    return min(1.0, max(0.0, (window.until - server) / rule.seconds))


def dots_left(window: ReplyWindow | None, server: float) -> int | None:
    """The sends left for the dots; None when the window is over, unknown, or WeChat does not count."""
    if window is None or (server >= window.until and not window.refused):
        return None
    return window.left


def session_seconds(state: DeskState, session: Session, server: float) -> float:
    """Seconds on the clock of the half hour, counted as the profile says."""
    last = state.digests.get(session.openid, EMPTY).last
    return session_age(session, last.time if last is not None else None, state.policy.clock, server)


def guard(state: DeskState, session: Session, server: float) -> Guard:
    """How near the half hour of a session is to its end."""
    return guard_of(session_seconds(state, session, server))


def session_tone(state: DeskState, session: Session, server: float) -> Tone:
    """Green, amber from 25 minutes, grey once WeChat may have stopped forwarding (product P5)."""
    return TONES[guard(state, session, server)]


def body_text(record: Record) -> Text:
    """A record in one phrase: its words, or what kind of medium it stands for."""
    if record.kind in (Kind.IMAGE, Kind.VOICE, Kind.VIDEO):
        return text(f"media.{record.kind.value}")
    if record.kind is Kind.SYSTEM:
        return text("record.system", code=record.opercode)
    return verbatim(one_line(record.text))


def one_line(words: str) -> str:
    """The beginning of a text on one line."""
    return " ".join(words[: PREVIEW * 2].split())[:PREVIEW]


def _under_way(state: DeskState, openid: OpenId) -> list[OutboxItem]:
    return [i for i in state.outbox if i.openid == openid and i.state is not SendState.FAILED]


def _order(state: DeskState, session: Session) -> tuple[int, float, str]:
    since = unanswered_since(state, session.openid)
    if since is not None:
        return (0, since, session.openid)
    return (1, -_last_time(state, session), session.openid)


def _last_time(state: DeskState, session: Session) -> float:
    digest = state.digests.get(session.openid, EMPTY)
    last = digest.last.time if digest.last is not None else session.created
    sent = (sent_at(state, item) for item in state.unexplained.get(session.openid, ()))
    return max(last, session.created, *sent)


def _mark(state: DeskState, openid: OpenId) -> str:
    states = {item.state for item in state.outbox if item.openid == openid}
    if SendState.FAILED in states:
        return "failed"
    if SendState.UNKNOWN in states:
        return "unknown"
    return "parked" if SendState.PARKED in states else ""


def _preview(state: DeskState, openid: OpenId, digest: Digest) -> tuple[Text, ...]:
    outbox = (i for i in state.outbox if i.openid == openid and i.state is not SendState.PARKED)
    own = [*state.unexplained.get(openid, ()), *outbox]
    newest = max(own, key=lambda i: i.created, default=None)
    last = digest.last
    offset = state.link.clock_offset or 0.0
    if newest is not None and (last is None or newest.created + offset >= last.time):
        return (text("preview.mine"), verbatim(one_line(newest.text)))
    if last is None:
        return (text("preview.nothing"),)
    if last.from_customer or last.kind is Kind.SYSTEM:
        return (body_text(last),)
    if last.worker == state.identity.agent:
        return (text("preview.mine"), body_text(last))
    nick = next((a.nick for a in state.agents.accounts if a.agent == last.worker), last.worker)
    return (text("preview.peer", agent=nick), body_text(last))


def _row(state: DeskState, session: Session, server: float) -> SessionRow:
    openid = session.openid
    digest = state.digests.get(openid, EMPTY)
    window = window_of(state, openid)
    since = unanswered_since(state, openid)
    waited = server - since if since is not None else 0.0
    shown = state.conversation is not None and state.conversation.openid == openid
    draft = "" if shown else state.drafts.get(openid, "")
    preview = (verbatim(one_line(draft)),) if draft else _preview(state, openid, digest)
    unread = state.unread.get(openid, 0)
    mark = _mark(state, openid)
    warning = _warning(state, session, server)
    sentence = _sentence(state, openid, window, waited if since is not None else None, preview)
    lapsed = warning is not None and warning.key == "session.guard.lapsed" and since is not None
    return SessionRow(
        key=openid,
        name=customer_name(openid),
        glyph="",
        bold=bool(unread or since is not None),
        ring=window_share(window, server, state.policy.rule),
        ring_tone=window_tone(window, server),
        dots=dots_left(window, server),
        hours=_hours(window, server),
        time=short_time(_last_time(state, session), server),
        dot=session_tone(state, session, server),
        mark=mark,
        preview=(text("session.guard.words"),) if lapsed and not draft else preview,
        preview_tone=Tone.LATE if mark == "failed" and not draft else Tone.SOON if lapsed else Tone.MUTED,
        draft=bool(draft),
        unanswered=text("session.unanswered", time=duration(waited)) if since is not None else None,
        unanswered_tone=Tone.SOON if waited >= UNANSWERED_SOON_SECONDS else Tone.MUTED,
        unread=unread,
        sentence=(*sentence, warning) if warning is not None else sentence,
        guard=warning,
    )


def _warning(state: DeskState, session: Session, server: float) -> Text | None:
    match guard(state, session, server):
        case Guard.SOON:
            left = SESSION_SECONDS - session_seconds(state, session, server)
            return text("session.guard.soon", minutes=max(1, round(left / 60)))
        case Guard.LAPSED:
            return text("session.guard.lapsed")
    return None


def _hours(window: ReplyWindow | None, server: float) -> Text | None:
    if window is None:
        return None
    if window.refused:
        return text("window.refused")
    left = window.until - server
    if left <= 0:
        return text("window.over")
    return (
        text("window.hours", hours=int(left // 3600))
        if left >= 3600
        else text("window.minutes", minutes=int(left // 60))
    )


def _sentence(
    state: DeskState,
    openid: OpenId,
    window: ReplyWindow | None,
    waited: float | None,
    preview: tuple[Text, ...],
) -> tuple[Text, ...]:
    parts: list[Text] = [customer_name(openid)]
    unread = state.unread.get(openid, 0)
    if unread:
        parts.append(text("session.sentence.unread", unread))
    if waited is not None:
        parts.append(text("session.sentence.unanswered", span=span(waited)))
    if window is not None and window.left is not None:
        parts.append(text("sends.left", window.left))
    mark = _mark(state, openid)
    if mark:
        parts.append(text(f"session.sentence.{mark}"))
    if state.drafts.get(openid):
        parts.append(text("session.sentence.draft"))
    if len(preview) == 2:
        who, words = preview
        return (*parts, text("session.sentence.said", who=who, words=words))
    return (*parts, *preview)
