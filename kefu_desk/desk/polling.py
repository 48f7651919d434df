"""Reads the waiting list, the own sessions and the online agents again and again, and says what it saw."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from kefu_desk.desk.cadence import Cadence
from kefu_desk.desk.ports import Archive, Clock, Gateway
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import (
    AccountsObserved,
    AgentsObserved,
    CallsCounted,
    ClockCompared,
    DigestsLoaded,
    Feed,
    ReadFailed,
    SessionsObserved,
    WaitingObserved,
)
from kefu_desk.domain.failure import Category, DeskError
from kefu_desk.domain.ids import AgentId, OpenId

CLOCK_STEP = 0.2
HEAD_START = 0.5
"""Seconds that the first reading of the queue, which everybody waits for, has for itself."""


class Poller:
    """One loop a feed; a failure is told as a fact, and the loop goes on by itself."""

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
        self._wakes = {feed: asyncio.Event() for feed in Feed}
        self._accounts_read = False
        self.queue_read = asyncio.Event()

    def hurry(self, *feeds: Feed) -> None:
        """Makes these feeds (all when none is named) read at once."""
        for feed in feeds or tuple(Feed):
            self._wakes[feed].set()

    async def follow(self, feed: Feed, read: Callable[[float], Awaitable[None]]) -> None:
        """Reads a feed for ever; `read` gets the period and dispatches what it saw."""
        failures = 0
        category: Category | None = None
        wake = self._wakes[feed]
        if feed is not Feed.WAITING:
            await self._clock.pause(HEAD_START, self.queue_read)
        while True:
            period = self._cadence.period(feed, self._store.state)
            wake.clear()
            began = self._clock.monotonic()
            try:
                await read(period)
                failures, category = 0, None
            except DeskError as error:
                failures, category = failures + 1, error.failure.category
                pause = self._cadence.pause(period, failures, category, self._random.random())
                at = self._clock.now()
                self._store.dispatch(ReadFailed(feed, error.failure, at, at + pause))
            else:
                wanted = self._cadence.until_next(feed, self._store.state)
                pause = self._cadence.pause(wanted, 0, None, self._random.random())
                pause = max(0.0, pause - (self._clock.monotonic() - began))
            self.queue_read.set()
            self._tell_link()
            await self._clock.pause(pause, wake)

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
        """One reading of the online agents; the list of all accounts once before."""
        if not self._accounts_read:
            self._store.dispatch(AccountsObserved(await self._gateway.agent_accounts()))
            self._accounts_read = True
        online = await self._gateway.online_agents()
        self._store.dispatch(AgentsObserved(online, self._clock.now(), period))

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
        calls = self._gateway.calls_made()
        if calls != link.calls:
            self._store.dispatch(CallsCounted(calls))
