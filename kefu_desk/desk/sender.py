"""Takes queued sends to WeChat, in order for each customer, with at most one automatic attempt.

A send is tried again by itself only when it provably never left or was refused before it had any effect
(reliability 1.3 P2). Everything else becomes unknown and waits for a record or for the agent.
"""

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

from kefu_desk.desk.ports import Clock, Gateway, OutboxStore
from kefu_desk.desk.store import Store
from kefu_desk.domain.allowance import REFUSES_CUSTOMER
from kefu_desk.domain.facts import NoticeRaised, OutboxChanged, SendingPaused, SendingResumed
from kefu_desk.domain.failure import Category, DeskError, Effect, Failure
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import OPEN, OutboxItem, SendState

IN_FLIGHT = 8
LONGEST_WAIT = 30.0
TOKEN_TRIES = 2
STORAGE_WAIT = 5.0
SETTLE_WAIT = 1.0
PATIENCE = 300.0
"""Seconds until a send is tried again that was refused because of the account and not of the message."""

LONGEST_REST = 3600.0
MINUTE = 60.0
DAY = 86_400
SHANGHAI = 8 * 3600
LATE_MINUTE = 20.0
LATE_DAY = 300.0
NOT_SENT = frozenset(
    {Category.NETWORK, Category.TIMEOUT, Category.TOKEN, Category.UNTRUSTED, Category.PORTAL}
)
STOPS_ALL = frozenset(
    {Category.RATE, Category.QUOTA, Category.CREDENTIALS, Category.IP_REFUSED, Category.RISK, Category.TOKEN}
)
"""Refusals that every other send would meet as well."""

Spawn = Callable[[str, Coroutine[Any, Any, None]], None]


def retryable(failure: Failure) -> bool:
    """Whether a refused send may go back into the queue without a human."""
    return failure.effect is Effect.NONE and failure.category in NOT_SENT | STOPS_ALL


class Sender:
    """One lane a customer, eight under way at once."""

    def __init__(
        self, *, store: Store, gateway: Gateway, outbox: OutboxStore, clock: Clock, random: Random
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._outbox = outbox
        self._clock = clock
        self._random = random
        self._wake = asyncio.Event()
        self._stopped = asyncio.Event()
        self._busy: set[OpenId] = set()
        self._rest = 0.0

    def hurry(self) -> None:
        """Looks at the outbox at once."""
        self._wake.set()

    def resume(self) -> None:
        """Tries again at once, unless WeChat has said that today's calls are used up."""
        pause = self._store.state.pause
        if pause is not None and pause.failure.category is not Category.QUOTA:
            self._rest = 0.0
            self._wake.set()

    def stop(self) -> None:
        """Starts nothing new; what is under way ends by itself."""
        self._stopped.set()
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._busy

    async def run(self, spawn: Spawn) -> None:
        """Starts a task for each customer whose next send may go, until stopped, and once more then."""
        while True:
            self._wake.clear()
            stopped = self._stopped.is_set()
            resting = self._rest - self._clock.monotonic()
            if resting <= 0:
                if self._store.state.pause is not None:
                    self._store.dispatch(SendingResumed())
                self._start(spawn)
            if stopped:
                return
            await self._clock.pause(min(resting, LONGEST_REST) if resting > 0 else LONGEST_REST, self._wake)

    def _start(self, spawn: Spawn) -> None:
        for item in self._ready():
            if len(self._busy) >= IN_FLIGHT:
                return
            self._busy.add(item.openid)
            spawn(f"send:{item.id}", self._lane(item))

    def _ready(self) -> list[OutboxItem]:
        first: dict[OpenId, OutboxItem] = {}
        for item in self._store.state.outbox:
            if item.state in OPEN:
                first.setdefault(item.openid, item)
        return [i for i in first.values() if i.state is SendState.QUEUED and i.openid not in self._busy]

    async def _lane(self, item: OutboxItem) -> None:
        try:
            pause = await self._attempt(item)
            if pause:
                await self._clock.pause(pause, self._stopped)
        finally:
            self._busy.discard(item.openid)
            self._wake.set()

    async def _attempt(self, item: OutboxItem) -> float:
        """One attempt; the seconds to leave this customer's lane alone afterwards."""
        try:
            item = await self._move(item, SendState.SENDING, None)
        except DeskError as error:
            self._store.dispatch(NoticeRaised(error.failure.text, error.failure, self._clock.now()))
            return STORAGE_WAIT
        try:
            await self._gateway.send_text(item.openid, item.text, item.agent)
        except DeskError as error:
            return await self._refused(item, error.failure)
        await self._settle(item, SendState.SENT, None)
        return 0.0

    async def _refused(self, item: OutboxItem, failure: Failure) -> float:
        if failure.effect is Effect.MAYBE:
            await self._settle(item, SendState.UNKNOWN, failure)
            return 0.0
        if not retryable(failure):
            await self._settle(item, SendState.FAILED, failure)
            return 0.0
        if failure.category in STOPS_ALL and not (
            failure.category is Category.TOKEN and item.attempts < TOKEN_TRIES
        ):
            self._pause_all(failure)
        await self._settle(item, SendState.QUEUED, failure)
        return min(LONGEST_WAIT, 2.0 ** min(item.attempts - 1, 5)) if failure.category in NOT_SENT else 0.0

    def _pause_all(self, failure: Failure) -> None:
        """No send leaves before WeChat may have another answer (reliability 1.6)."""
        server = self._clock.now() + (self._gateway.clock_offset() or 0.0)
        seconds = PATIENCE
        if failure.category is Category.RATE:
            seconds = MINUTE - server % MINUTE + self._random.uniform(0, LATE_MINUTE)
        elif failure.category is Category.QUOTA:
            seconds = DAY - (server + SHANGHAI) % DAY + self._random.uniform(0, LATE_DAY)
        self._rest = max(self._rest, self._clock.monotonic() + seconds)
        self._store.dispatch(SendingPaused(failure, self._clock.now() + seconds))

    async def _settle(self, item: OutboxItem, to: SendState, failure: Failure | None) -> None:
        """Stores an outcome; while the disk refuses it, it is kept here and tried again each second."""
        never = asyncio.Event()
        while True:
            try:
                if to is SendState.FAILED and failure is not None and failure.category in REFUSES_CUSTOMER:
                    for moved in await self._outbox.refuse(item.id, failure, now=self._clock.now()):
                        self._store.dispatch(OutboxChanged(moved))
                else:
                    await self._move(item, to, failure)
            except DeskError as error:
                self._store.dispatch(NoticeRaised(error.failure.text, error.failure, self._clock.now()))
                await self._clock.pause(SETTLE_WAIT, never)
            else:
                return

    async def _move(self, item: OutboxItem, to: SendState, failure: Failure | None) -> OutboxItem:
        moved = await self._outbox.move(item.id, to, now=self._clock.now(), failure=failure)
        self._store.dispatch(OutboxChanged(moved))
        return moved
