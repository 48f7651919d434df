"""The waiting queue as rows."""

from msgspec import Struct

from kefu_desk.domain.agents import Presence
from kefu_desk.domain.cases import WaitingCase
from kefu_desk.domain.digest import EMPTY
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Category
from kefu_desk.domain.limits import WAIT_LATE_SECONDS, WAIT_SOON_SECONDS
from kefu_desk.domain.state import DeskState, Taken
from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.presenters.tone import Tone
from kefu_desk.presenters.words import clock, customer_name, duration, since, span


class QueueRow(Struct, frozen=True):
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


class QueueView(Struct, frozen=True):
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


SLOW_SECONDS = 5.0
BADGES = {Tone.SOON: text("queue.badge.soon"), Tone.LATE: text("queue.badge.late")}


def present_queue(state: DeskState, now: float) -> QueueView:
    """The queue as it is known at Unix second `now` on this computer."""
    queue = state.queue
    why_not = cannot_accept(state)
    server = now + (state.link.clock_offset or 0.0)
    rows = [_row(state, case, place, server, why_not) for place, case in enumerate(queue.cases, 1)]
    for taken in queue.taken:
        rows.insert(min(taken.index, len(rows)), _taken_row(state, taken, server))
    opened = state.identity.opened_at
    listed = sum(case.listed for case in queue.cases)
    hidden = queue.count - listed
    return QueueView(
        rows=tuple(rows),
        count=queue.count,
        known=queue.known,
        slow=not queue.known and opened is not None and now - opened > SLOW_SECONDS,
        empty=text("queue.empty")
        if queue.last_waiting_at is None
        else text("queue.empty.last", time=clock(queue.last_waiting_at)),
        unlisted=text("queue.unlisted", total=queue.count, listed=listed) if hidden > 0 else None,
        can_accept_next=can_accept_next(state),
        why_not=why_not if queue.cases else text("queue.empty"),
    )


def cannot_accept(state: DeskState) -> Text | None:
    """Why WeChat would refuse this agent now, known before the click (product P1, reliability F-E15)."""
    if state.agents.presence is Presence.OFFLINE:
        return text("accept.refused.offline")
    failures = (state.link.health(feed).failure for feed in (Feed.WAITING, Feed.SESSIONS))
    return next((f.text for f in failures if f is not None and f.category is Category.FORBIDDEN), None)


def can_accept_next(state: DeskState) -> bool:
    """Whether there is somebody to accept and nothing known that forbids it."""
    queue = state.queue
    return cannot_accept(state) is None and any(c.openid not in queue.accepting for c in queue.cases)


def wait_tone(seconds: float) -> Tone:
    """How urgent a wait is."""
    if seconds >= WAIT_LATE_SECONDS:
        return Tone.LATE
    return Tone.SOON if seconds >= WAIT_SOON_SECONDS else Tone.MUTED


def longest_wait(state: DeskState, now: float) -> tuple[str, float] | None:
    """The longest wait among the listed customers: as shown, and in seconds."""
    server = now + (state.link.clock_offset or 0.0)
    if not state.queue.cases:
        return None
    case = min(state.queue.cases, key=lambda c: c.arrived_by)
    return wait_words(case, server), server - case.arrived_by


def wait_words(case: WaitingCase, server: float) -> str:
    """The wait, marked when it may be longer than known."""
    shown = duration(server - case.arrived_by)
    return f"≥{shown}" if case.joined_late else shown


def _row(state: DeskState, case: WaitingCase, place: int, server: float, why_not: Text | None) -> QueueRow:
    waited = server - case.arrived_by
    tone = wait_tone(waited)
    name = customer_name(case.openid)
    detail = _detail(state, case, server)
    badge = BADGES.get(tone)
    at_least = text(
        "queue.sentence.at_least" if case.joined_late else "queue.sentence.wait", span=span(waited)
    )
    sentence = (text("queue.sentence.place", place=place), name, *detail, at_least)
    return QueueRow(
        key=case.openid,
        name=name,
        glyph="",
        timer=wait_words(case, server),
        tone=tone,
        badge=badge,
        detail=detail,
        accepting=case.openid in state.queue.accepting,
        can_accept=why_not is None,
        note=None,
        sentence=(*sentence, badge) if badge is not None else sentence,
    )


def _taken_row(state: DeskState, taken: Taken, server: float) -> QueueRow:
    nick = next((a.nick for a in state.agents.accounts if a.agent == taken.holder), taken.holder or "")
    note = text("queue.taken_by", agent=nick) if nick else text("queue.taken")
    name = customer_name(taken.case.openid)
    return QueueRow(
        key=taken.case.openid,
        name=name,
        glyph="",
        timer=wait_words(taken.case, server),
        tone=Tone.MUTED,
        badge=None,
        detail=(),
        accepting=False,
        can_accept=False,
        note=note,
        sentence=(name, note),
    )


def _detail(state: DeskState, case: WaitingCase, server: float) -> tuple[Text, ...]:
    digest = state.digests.get(case.openid, EMPTY)
    if not digest.visits:
        return (text("queue.new_customer"),)
    parts = [text("queue.visits", visits=digest.visits + 1)]
    if digest.last_agent:
        nick = next((a.nick for a in state.agents.accounts if a.agent == digest.last_agent), "")
        parts.append(text("queue.last_agent", agent=nick or digest.last_agent))
    if digest.last_visit is not None:
        parts.append(since(digest.last_visit, server))
    return tuple(parts)
