"""Takes queued sends to WeChat, in order for each customer, with at most one automatic attempt.

A send is tried again by itself only when it provably never left or was refused before it had any effect
(reliability 1.3 P2). Everything else becomes unknown and waits for a record or for the agent.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from kefu_desk.desk.ports import Clock, Gateway, OutboxStore
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import NoticeRaised, OutboxChanged
from kefu_desk.domain.failure import Category, DeskError, Effect, Failure
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import OPEN, OutboxItem, SendState

IN_FLIGHT = 8
LONGEST_WAIT = 30.0
TOKEN_TRIES = 2
TRY_AGAIN = frozenset({Category.NETWORK, Category.TIMEOUT, Category.RATE})
RATE_WAIT = 60.0
STORAGE_WAIT = 5.0

Spawn = Callable[[str, Coroutine[Any, Any, None]], None]


def retryable(failure: Failure, attempts: int) -> bool:
    """Whether a refused send may go back into the queue without a human."""
    if failure.effect is not Effect.NONE:
        return False
    if failure.category is Category.TOKEN:
        return attempts < TOKEN_TRIES
    return failure.category in TRY_AGAIN


class Sender:
    """One lane a customer, eight under way at once."""

    def __init__(self, *, store: Store, gateway: Gateway, outbox: OutboxStore, clock: Clock) -> None:
        self._store = store
        self._gateway = gateway
        self._outbox = outbox
        self._clock = clock
        self._wake = asyncio.Event()
        self._stopped = asyncio.Event()
        self._busy: set[OpenId] = set()

    def hurry(self) -> None:
        """Looks at the outbox at once."""
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
        """Starts a task for each customer whose next send may go, until stopped."""
        while not self._stopped.is_set():
            self._wake.clear()
            for item in self._ready():
                if len(self._busy) >= IN_FLIGHT:
                    break
                self._busy.add(item.openid)
                spawn(f"send:{item.id}", self._lane(item))
            await self._wake.wait()

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
            failure = error.failure
            if retryable(failure, item.attempts):
                await self._settle(item, SendState.QUEUED, failure)
                quick = min(LONGEST_WAIT, 2.0 ** min(item.attempts - 1, 5))
                return RATE_WAIT if failure.category is Category.RATE else quick
            unknown = failure.effect is Effect.MAYBE
            await self._settle(item, SendState.UNKNOWN if unknown else SendState.FAILED, failure)
            return 0.0
        await self._settle(item, SendState.SENT, None)
        return 0.0

    async def _settle(self, item: OutboxItem, to: SendState, failure: Failure | None) -> None:
        """Stores an outcome; while the disk refuses it, it is kept here and tried again each second."""
        never = asyncio.Event()
        while True:
            try:
                await self._move(item, to, failure)
            except DeskError as error:
                self._store.dispatch(NoticeRaised(error.failure.text, error.failure, self._clock.now()))
                await self._clock.pause(1.0, never)
            else:
                return

    async def _move(self, item: OutboxItem, to: SendState, failure: Failure | None) -> OutboxItem:
        moved = await self._outbox.move(item.id, to, now=self._clock.now(), failure=failure)
        self._store.dispatch(OutboxChanged(moved))
        return moved
