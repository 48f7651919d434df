"""Warns once of each session whose half hour is nearly over (product P5)."""

from kefu_desk.desk.ports import Clock
from kefu_desk.desk.store import Store
from kefu_desk.domain.cases import Session
from kefu_desk.domain.digest import EMPTY
from kefu_desk.domain.facts import NoticeRaised
from kefu_desk.domain.guard import Guard, guard_of, session_age
from kefu_desk.domain.ids import OpenId, tail
from kefu_desk.domain.limits import SESSION_SECONDS
from kefu_desk.domain.text import text


class SessionGuard:
    """Looks at the clocks of the own sessions each time it is asked to."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._warned: frozenset[OpenId] = frozenset()

    def look(self) -> None:
        """One notice for all who have come near the end since the last look."""
        near = {s.openid: s for s in self._store.state.sessions.items if self._guard(s) is Guard.SOON}
        fresh = [session for openid, session in near.items() if openid not in self._warned]
        self._warned = frozenset(near)
        if not fresh:
            return
        if len(fresh) == 1:
            minutes = max(1, round((SESSION_SECONDS - self._age(fresh[0])) / 60))
            name = text("customer.anonymous", tail=tail(fresh[0].openid))
            words = text("notice.session_soon", customer=name, minutes=minutes)
        else:
            words = text("notice.sessions_soon", len(fresh))
        self._store.dispatch(NoticeRaised(words, None, self._clock.now()))

    def _guard(self, session: Session) -> Guard:
        return guard_of(self._age(session))

    def _age(self, session: Session) -> float:
        state = self._store.state
        last = state.digests.get(session.openid, EMPTY).last
        server = self._clock.now() + (state.link.clock_offset or 0.0)
        return session_age(session, last.time if last is not None else None, state.policy.clock, server)
