"""Holds a sent line for some seconds, in which it can be undone or joined by the next one (product 3.6)."""

import asyncio
from collections.abc import Callable

from kefu_desk.desk.ports import Clock, OutboxStore
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import NoticeRaised, OutboxChanged, SendHeld
from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.ids import OpenId, OutboxId
from kefu_desk.domain.outbox import OutboxItem, SendState

LONGEST_HOLD = 30.0
"""Seconds after which a line goes, however often another one joins it."""

STORAGE_WAIT = 1.0
IDLE = 3600.0


class Hold:
    """Lets held sends go when their time has come; `released` is called after each."""

    def __init__(
        self, *, store: Store, outbox: OutboxStore, clock: Clock, released: Callable[[], None]
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._released = released
        self._due: dict[OutboxId, float] = {}
        self._latest: dict[OutboxId, float] = {}
        self._wake = asyncio.Event()

    def keep(self, item: OutboxItem, seconds: float) -> None:
        """Holds a send for so long from now on, or a little less when it was joined again and again."""
        now = self._clock.monotonic()
        latest = self._latest.setdefault(item.id, now + max(seconds, LONGEST_HOLD))
        self._due[item.id] = min(now + seconds, latest)
        self._store.dispatch(SendHeld(item.id, self._clock.now() + self._due[item.id] - now))
        self._wake.set()

    async def release(self, openid: OpenId | None = None) -> None:
        """Lets the held sends to a customer, or all, go at once."""
        for item in self._held():
            if openid is None or item.openid == openid:
                await self._let_go(item)

    async def run(self) -> None:
        """Serves for ever."""
        while True:
            self._wake.clear()
            now = self._clock.monotonic()
            held = self._held()
            for item in held:
                if self._due.get(item.id, now) <= now:
                    await self._let_go(item)
            waits = [self._due[i.id] - self._clock.monotonic() for i in self._held() if i.id in self._due]
            await self._clock.pause(max(0.0, min(waits, default=IDLE)), self._wake)

    def _held(self) -> list[OutboxItem]:
        return [item for item in self._store.state.outbox if item.state is SendState.HELD]

    async def _let_go(self, item: OutboxItem) -> None:
        try:
            moved = await self._outbox.move(item.id, SendState.QUEUED, now=self._clock.now())
        except DeskError as error:
            if self._is_held(item.id):  # else somebody took it back in the meantime
                self._store.dispatch(NoticeRaised(error.failure.text, error.failure, self._clock.now()))
                self._due[item.id] = self._clock.monotonic() + STORAGE_WAIT
            return
        self._due.pop(item.id, None)
        self._latest.pop(item.id, None)
        self._store.dispatch(OutboxChanged(moved))
        self._released()

    def _is_held(self, number: OutboxId) -> bool:
        return any(item.id == number for item in self._held())
