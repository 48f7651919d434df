"""How each fact changes the state; a fact that changes nothing returns the very same state."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import fields, replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import Presence
from kefu_desk.domain.cases import observe_waiting
from kefu_desk.domain.failure import Category
from kefu_desk.domain.reduce_chat import CHAT
from kefu_desk.domain.reduce_records import RECORDS, came
from kefu_desk.domain.state import DeskState, FeedHealth, Identity, Link, Notice, Taken
from kefu_desk.domain.text import text

TAKEN_SECONDS = 3.0
SLOWEST_SECONDS = 120.0
"""No reading, its repetitions included, takes longer."""
NOTICES = 5
GAP_PERIODS = 3
SLICES = tuple(field.name for field in fields(DeskState))


def reduce(state: DeskState, fact: f.Fact) -> DeskState:
    """The state after a fact; parts that are equal to those before are those before."""
    after = REDUCERS[type(fact)](state, fact)
    if after is state:
        return state
    equal: dict[str, Any] = {}
    changed = False
    for name in SLICES:
        old, new = getattr(state, name), getattr(after, name)
        if old is new:
            continue
        if name != "refusal" and old == new:  # the same refusal again is an answer of its own
            equal[name] = old
        else:
            changed = True
    if not changed:
        return state
    return replace(after, **equal) if equal else after


def _opened(state: DeskState, fact: f.DeskOpened) -> DeskState:
    return replace(state, identity=Identity(fact.title, fact.agent, fact.simulated, fact.vault, fact.at))


def fed(link: Link, feed: f.Feed, health: FeedHealth) -> Link:
    """The link with the health of one reading replaced."""
    return replace(link, feeds=tuple((k, health if k is feed else v) for k, v in link.feeds))


def _success(state: DeskState, feed: f.Feed, at: float, period: float) -> Link:
    return fed(state.link, feed, FeedHealth(last_success=at, period=period))


def _read_failed(state: DeskState, fact: f.ReadFailed) -> DeskState:
    before = state.link.health(fact.feed)
    since = before.failing_since if before.failing_since is not None else fact.at
    health = replace(before, failure=fact.failure, failing_since=since, retry_at=fact.retry_at)
    return replace(state, link=fed(state.link, fact.feed, health))


def _waiting(state: DeskState, fact: f.WaitingObserved) -> DeskState:
    before = state.link.health(f.Feed.WAITING)
    gap = before.last_success is None or fact.at - before.last_success > GAP_PERIODS * max(fact.period, 1.0)
    mine = {s.openid for s in state.sessions.items}
    mine |= {openid for openid, at in state.sessions.accepted if at >= fact.started}
    mine |= {openid for openid, at in state.sessions.closed if at >= fact.started}
    mine |= {t.case.openid for t in state.queue.taken if t.at >= fact.started}
    listed = tuple(c for c in fact.waiting.cases if c.openid not in mine)
    waits = {c.openid for c in listed}
    known = tuple(c for c in state.queue.cases if c.openid not in mine)
    unlisted = fact.waiting.count - len(fact.waiting.cases)
    cases = observe_waiting(known, listed, joined_late=gap, unlisted=unlisted)
    count = max(len(cases), len(listed) + unlisted)
    queue = replace(
        state.queue,
        known=True,
        count=count,
        cases=state.queue.cases if cases == state.queue.cases else cases,
        taken=tuple(
            t for t in state.queue.taken if fact.at - t.at < TAKEN_SECONDS and t.case.openid not in waits
        ),
        last_waiting_at=fact.at if count else state.queue.last_waiting_at,
    )
    return replace(state, queue=queue, link=_success(state, f.Feed.WAITING, fact.at, fact.period))


def _sessions(state: DeskState, fact: f.SessionsObserved) -> DeskState:
    before = state.sessions
    state = replace(state, link=_success(state, f.Feed.SESSIONS, fact.at, fact.period))
    closed = {openid for openid, at in before.closed if at >= fact.started}
    accepted = {openid for openid, at in before.accepted if at >= fact.started}
    observed = {s.openid for s in fact.sessions}
    absent = {s.openid for s in before.items} - observed - closed - accepted
    missed = frozenset(absent - before.missed)  # a list of WeChat may lack somebody once
    items = tuple(s for s in fact.sessions if s.openid not in closed)
    items += tuple(s for s in before.items if s.openid in (accepted | missed) - observed)
    after = replace(
        before,
        known=True,
        items=before.items if items == before.items else items,
        closing=before.closing & {s.openid for s in items},
        accepted=tuple(e for e in before.accepted if e[1] >= fact.started - SLOWEST_SECONDS),
        closed=tuple(e for e in before.closed if e[1] >= fact.started - SLOWEST_SECONDS),
        missed=missed,
    )
    return replace(state, sessions=after)


def _agents(state: DeskState, fact: f.AgentsObserved) -> DeskState:
    state = replace(state, link=_success(state, f.Feed.ONLINE, fact.at, fact.period))
    if state.agents.online and not fact.online and not state.agents.emptied:
        return replace(state, agents=replace(state.agents, emptied=True))
    own = next((a for a in fact.online if a.agent == state.identity.agent), None)
    presence = Presence.ONLINE if own is not None and own.status else Presence.OFFLINE
    return replace(
        state,
        agents=replace(state.agents, known=True, online=fact.online, presence=presence, emptied=False),
    )


def _accounts(state: DeskState, fact: f.AccountsObserved) -> DeskState:
    return replace(state, agents=replace(state.agents, accounts=fact.accounts))


def _records(state: DeskState, fact: f.RecordsObserved) -> DeskState:
    link = _success(state, f.Feed.RECORDS, fact.at, fact.period)
    state = replace(state, link=link)
    return came(state, fact.new, fact.digests) if fact.new else state


def _digests(state: DeskState, fact: f.DigestsLoaded) -> DeskState:
    return replace(state, digests=dict(fact.digests) | state.digests)  # records told since are newer


def _clock(state: DeskState, fact: f.ClockCompared) -> DeskState:
    return replace(state, link=replace(state.link, clock_offset=fact.offset))


def _calls(state: DeskState, fact: f.CallsCounted) -> DeskState:
    return replace(state, link=replace(state.link, calls=fact.calls, odd_rows=fact.odd_rows))


def _quotas(state: DeskState, fact: f.QuotasTold) -> DeskState:
    return replace(state, link=replace(state.link, quotas=fact.paths))


def _accept_started(state: DeskState, fact: f.AcceptStarted) -> DeskState:
    return replace(state, queue=replace(state.queue, accepting=state.queue.accepting | {fact.openid}))


def _accepted(state: DeskState, fact: f.CaseAccepted) -> DeskState:
    openid = fact.session.openid
    cases = tuple(c for c in state.queue.cases if c.openid != openid)
    queue = replace(
        state.queue,
        cases=cases,
        count=max(len(cases), state.queue.count - (len(state.queue.cases) - len(cases))),
        accepting=state.queue.accepting - {openid},
    )
    sessions = replace(
        state.sessions,
        known=True,
        items=(*(s for s in state.sessions.items if s.openid != openid), fact.session),
        accepted=(*state.sessions.accepted, (openid, fact.at)),
        closed=tuple(e for e in state.sessions.closed if e[0] != openid),
    )
    return replace(state, queue=queue, sessions=sessions)


def _accept_failed(state: DeskState, fact: f.AcceptFailed) -> DeskState:
    queue = replace(state.queue, accepting=state.queue.accepting - {fact.openid})
    if fact.failure.category is Category.TAKEN:
        found = [(i, c) for i, c in enumerate(queue.cases) if c.openid == fact.openid]
        queue = replace(
            queue,
            cases=tuple(c for c in queue.cases if c.openid != fact.openid),
            count=max(0, queue.count - len(found)),
            taken=queue.taken + tuple(Taken(c, i, fact.holder, fact.at) for i, c in found),
        )
    return replace(state, queue=queue)


def _close_started(state: DeskState, fact: f.CloseStarted) -> DeskState:
    return replace(state, sessions=replace(state.sessions, closing=state.sessions.closing | {fact.openid}))


def _closed(state: DeskState, fact: f.SessionClosed) -> DeskState:
    before = state.sessions
    sessions = replace(
        before,
        items=tuple(s for s in before.items if s.openid != fact.openid),
        closing=before.closing - {fact.openid},
        accepted=tuple(e for e in before.accepted if e[0] != fact.openid),
        closed=(*before.closed, (fact.openid, fact.at)),
    )
    unread = {k: v for k, v in state.unread.items() if k != fact.openid}
    return replace(state, sessions=sessions, unread=unread)


def _close_failed(state: DeskState, fact: f.CloseFailed) -> DeskState:
    return replace(state, sessions=replace(state.sessions, closing=state.sessions.closing - {fact.openid}))


def _troubled(state: DeskState, fact: f.StorageTroubled) -> DeskState:
    return replace(state, storage=fact.failure)


def _noticed(state: DeskState, fact: f.NoticeRaised) -> DeskState:
    number = state.notice_count + 1
    same = tuple(n for n in state.notices if n.words != fact.words)
    notices = (*same, Notice(number, fact.words, fact.failure, fact.at))[-NOTICES:]
    return replace(state, notices=notices, notice_count=number)


def _dismissed(state: DeskState, fact: f.NoticeDismissed) -> DeskState:
    left = tuple(n for n in state.notices if n.number != fact.number)
    return state if len(left) == len(state.notices) else replace(state, notices=left)


def _crashed(state: DeskState, fact: f.CommandCrashed) -> DeskState:
    return _noticed(state, f.NoticeRaised(text("notice.crashed", command=fact.command), None, fact.at))


Reducer = Callable[[DeskState, Any], DeskState]

REDUCERS: Mapping[type, Reducer] = {
    f.DeskOpened: _opened,
    f.ReadFailed: _read_failed,
    f.WaitingObserved: _waiting,
    f.SessionsObserved: _sessions,
    f.AgentsObserved: _agents,
    f.AccountsObserved: _accounts,
    f.RecordsObserved: _records,
    f.DigestsLoaded: _digests,
    f.ClockCompared: _clock,
    f.CallsCounted: _calls,
    f.QuotasTold: _quotas,
    f.WindowShown: lambda state, _fact: state,
    f.AcceptStarted: _accept_started,
    f.CaseAccepted: _accepted,
    f.AcceptFailed: _accept_failed,
    f.CloseStarted: _close_started,
    f.SessionClosed: _closed,
    f.CloseFailed: _close_failed,
    f.StorageTroubled: _troubled,
    f.NoticeRaised: _noticed,
    f.NoticeDismissed: _dismissed,
    f.CommandCrashed: _crashed,
    **CHAT,
    **RECORDS,
}
