"""Reads the waiting list, the own sessions and the online agents again and again, and says what it saw."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from msgspec import Struct, field

from kefu_desk.desk.attention import Attention
from kefu_desk.desk.budget import Budget
from kefu_desk.desk.cadence import Cadence, phase, spread
from kefu_desk.desk.circuit import Circuit
from kefu_desk.desk.ports import Archive, Clock, Gateway
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import (
    AcceptFailed,
    AccountsObserved,
    AgentsObserved,
    CallsCounted,
    CaseAccepted,
    ClockCompared,
    DigestsLoaded,
    Fact,
    Feed,
    ReadFailed,
    RecordsObserved,
    SessionClosed,
    SessionsObserved,
    WaitingObserved,
)
from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.quota import Path
from kefu_desk.domain.text import text

CLOCK_STEP = 0.2
HEAD_START = 0.5
"""Seconds that the first reading of the queue, which everybody waits for, has for itself."""
LONGEST_SLEEP = 3600.0
"""Timers of the window's loop cannot count beyond 24.8 days, and are not trusted for an hour either."""
ROUND_SECONDS = 3.0
AFTER_THE_FIRST = 2.0
"""Seconds by which the other feeds let the waiting list find out first whether the account works again."""
RECENT_SECONDS = 300


class _Lane(Struct):
    """One feed between two readings; times are monotonic."""

    feed: Feed
    path: Path
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    circuit: Circuit = field(default_factory=Circuit)
    category: Category | None = None
    began: float | None = None
    factor: float = 1.0
    asked_at: float | None = None
    retry_at: float | None = None


class Poller:
    """One loop a feed; a failure is told as a fact, and the loop goes on by itself.

    A reading is due when its period is over, at once when somebody asks for it, and never before the budget
    allows the call. What changes the period (a conversation opened, a window hidden) is noticed at once.
    """

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        archive: Archive,
        clock: Clock,
        cadence: Cadence,
        random: Random,
        agent: AgentId,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._archive = archive
        self._clock = clock
        self._cadence = cadence
        self._random = random
        self._agent = agent
        self.budget = Budget(gateway, clock)
        self._attention = Attention(store, clock)
        self._mood = self._attention.mood
        self._lanes = {feed: _Lane(feed, Path(feed.value), factor=phase(agent, feed)) for feed in Feed}
        self._standstill = 0.0
        self._accounts_read = False
        self.queue_read = asyncio.Event()
        store.listen(self._note)

    def hurry(self, *feeds: Feed) -> None:
        """Makes these feeds (all when none is named) read at once."""
        for feed in feeds or tuple(Feed):
            self._ask(self._lanes[feed], self._clock.monotonic())

    def round(self) -> None:
        """Reads every feed once within three seconds, in any order; what was missed is not made up for."""
        for lane in self._lanes.values():
            self._ask(lane, self._clock.monotonic() + ROUND_SECONDS * self._random.random())

    async def follow(self, feed: Feed, read: Callable[[float], Awaitable[None]]) -> None:
        """Reads a feed for ever; `read` gets the period and dispatches what it saw."""
        lane = self._lanes[feed]
        if feed is not Feed.WAITING:
            await self._clock.pause(HEAD_START, self.queue_read)
        while True:
            await self._turn(lane)
            if self.budget.exhausted(lane.path):
                self._stop_for_today(lane)
                continue
            await self._read(lane, read)
            self.queue_read.set()
            self._tell_link()

    async def _turn(self, lane: _Lane) -> None:
        """Waits until a reading is due and allowed, in pieces, looking at the clock again after each."""
        while True:
            lane.wake.clear()
            left = self._due(lane) - self._clock.monotonic()
            if left <= 0:
                return
            await self._clock.pause(min(LONGEST_SLEEP, left), lane.wake)

    def _due(self, lane: _Lane) -> float:
        allowed = self._clock.monotonic()
        if not self.budget.exhausted(lane.path) or lane.retry_at is not None:
            allowed += self.budget.wait(lane.path)
        if lane.asked_at is not None:
            return max(allowed, lane.asked_at)
        if lane.retry_at is not None:
            return max(allowed, lane.retry_at)
        if lane.feed is not Feed.WAITING and self._standstill:
            allowed = max(allowed, self._standstill + AFTER_THE_FIRST)
        return allowed if lane.began is None else max(allowed, lane.began + lane.factor * self._wanted(lane))

    def _wanted(self, lane: _Lane) -> float:
        mood = self._attention.mood
        return self._cadence.until_next(lane.feed, mood, self._store.state) / self.budget.pace(lane.path)

    async def _read(self, lane: _Lane, read: Callable[[float], Awaitable[None]]) -> None:
        self.budget.note(lane.path, retry=lane.retry_at is not None and lane.asked_at is None)
        period = self._cadence.period(lane.feed, self._attention.mood) / self.budget.pace(lane.path)
        lane.asked_at = None
        lane.factor = spread(self._random.random()) if lane.began is not None else lane.factor
        lane.began = self._clock.monotonic()
        try:
            await read(max(period, self.budget.wait(lane.path, calls=2)))
        except DeskError as error:
            self._failed(lane, error.failure)
        else:
            self._succeeded(lane)

    def _succeeded(self, lane: _Lane) -> None:
        back = lane.category is not None
        lane.circuit.succeeded()
        lane.category = lane.retry_at = None
        self._standstill = 0.0
        if back:  # what kept this feed from being read may have kept the others, and be over for them too
            for other in self._lanes.values():
                if other.category not in (None, Category.FORBIDDEN) and other.asked_at is None:
                    self._ask(other, self._clock.monotonic() + ROUND_SECONDS * self._random.random())

    def _failed(self, lane: _Lane, failure: Failure) -> None:
        now, path = self._clock.monotonic(), lane.path
        verdict = lane.circuit.failed(failure, self.budget.server(), self._random.random())
        pause = verdict.pause
        if verdict.barred:
            self.budget.bar(path, pause)
            if failure.category is Category.RATE:
                self.budget.slow(path)
        elif not (verdict.stopped or self.budget.may_retry(path)):
            pause = max(pause, self._wanted(lane))
        lane.category, lane.retry_at = failure.category, now + pause
        if verdict.everywhere:
            self._standstill = now + pause
            lane.retry_at += 0 if lane.feed is Feed.WAITING else AFTER_THE_FIRST
        at = self._clock.now()
        self._store.dispatch(ReadFailed(lane.feed, failure, at, at + lane.retry_at - now))

    def met(self, path: Path, failure: Failure) -> None:
        """Notes and tells what another service met on a path: no reading asks before WeChat would answer."""
        if failure.category is not Category.QUOTA:
            return
        for lane in self._lanes.values():
            if lane.path is path and lane.category is not Category.QUOTA:
                self._failed(lane, failure)
                lane.wake.set()

    def _stop_for_today(self, lane: _Lane) -> None:
        """The rest of today's calls is kept for what people do."""
        failure = Failure(Category.QUOTA, text("failure.quota.reserved"))
        self._failed(lane, failure)
        lane.asked_at = None

    def _ask(self, lane: _Lane, at: float) -> None:
        lane.asked_at = at if lane.asked_at is None else min(at, lane.asked_at)
        lane.wake.set()

    def _note(self, fact: Fact) -> None:
        """Runs inside whatever task dispatched, so it only takes note."""
        if isinstance(fact, CaseAccepted | SessionClosed | AcceptFailed) or self._tells_of_a_session(fact):
            self.hurry(Feed.SESSIONS)
        if isinstance(fact, AcceptFailed) and fact.failure.category is Category.AGENT_OFFLINE:
            self.hurry(Feed.ONLINE)
        mood = self._attention.mood
        if mood is not self._mood:
            self._mood = mood
            for lane in self._lanes.values():
                lane.wake.set()

    def _tells_of_a_session(self, fact: Fact) -> bool:
        """Whether somebody was just answered as this agent who is in no session known here."""
        if not isinstance(fact, RecordsObserved) or not self._store.state.sessions.known:
            return False
        known = {session.openid for session in self._store.state.sessions.items}
        recent = self.budget.server() - RECENT_SECONDS
        return any(r.worker == self._agent and r.time > recent and r.openid not in known for r in fact.new)

    async def read_waiting(self, period: float) -> None:
        """One reading of the waiting list, with what the archive knows of those who are new."""
        started = self._clock.now()
        waiting = await self._gateway.waiting_cases()
        await self._introduce(tuple(case.openid for case in waiting.cases))
        self._store.dispatch(WaitingObserved(waiting, started, self._clock.now(), period))

    async def read_sessions(self, period: float) -> None:
        """One reading of the own sessions."""
        started = self._clock.now()
        sessions = await self._gateway.sessions(self._agent)
        await self._introduce(tuple(session.openid for session in sessions))
        self._store.dispatch(SessionsObserved(sessions, started, self._clock.now(), period))

    async def read_online(self, period: float) -> None:
        """One reading of the online agents; the list of all accounts once before.

        The number of an agent's sessions tells when the list of them is worth another look.
        """
        if not self._accounts_read:
            self._store.dispatch(AccountsObserved(await self._gateway.agent_accounts()))
            self._accounts_read = True
        before = self._own_number()
        online = await self._gateway.online_agents()
        self._store.dispatch(AgentsObserved(online, self._clock.now(), period))
        self.budget.meet(len(self._store.state.agents.online))
        if before is not None and self._own_number() not in (None, before):
            self.hurry(Feed.SESSIONS)

    def _own_number(self) -> int | None:
        agents = self._store.state.agents.online
        return next((a.accepted_cases for a in agents if a.agent == self._agent), None)

    async def _introduce(self, openids: tuple[OpenId, ...]) -> None:
        unknown = [openid for openid in openids if openid not in self._store.state.digests]
        if unknown:
            found = await self._archive.digests(unknown)
            self._store.dispatch(DigestsLoaded(tuple(found.items())))

    def _tell_link(self) -> None:
        link = self._store.state.link
        offset = self._gateway.clock_offset()
        if offset is not None and (link.clock_offset is None or abs(link.clock_offset - offset) > CLOCK_STEP):
            self._store.dispatch(ClockCompared(offset))
        counted = CallsCounted(self._gateway.calls_made(), self._gateway.odd_rows())
        if (counted.calls, counted.odd_rows) != (link.calls, link.odd_rows):
            self._store.dispatch(counted)
