"""Looks for sends of unknown outcome in WeChat's records, and puts those it does not find to the agent.

Reliability 1.4 and 1.7: looks at 3, 8, 15, 30, 60, 120 and 180 seconds after the send; then the agent is
asked, once. Where records never show sends of this desk, the agent is asked at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from kefu_desk.desk.ports import Clock, Gateway, OutboxStore
from kefu_desk.desk.reconcile import nearest_words, normal
from kefu_desk.desk.store import Store
from kefu_desk.domain.calibration import LOOKS, Visibility
from kefu_desk.domain.facts import Calibrated, LookedUp, NoticeRaised, OutboxChanged
from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.ids import AgentId, OutboxId
from kefu_desk.domain.messages import OperCode, Record
from kefu_desk.domain.outbox import OutboxItem, SendState

BEFORE = 5
LONGEST_SPAN = 3600
"""Seconds of records that are looked through for one send; later evidence comes with the daily reading."""

STORAGE_WAIT = 1.0
IDLE = 3600.0

Look = Callable[[int, int], Awaitable[Sequence[Record]]]


class Inquiry:
    """Follows every send of unknown outcome until a record explains it or the agent was asked."""

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        outbox: OutboxStore,
        clock: Clock,
        agent: AgentId,
        look: Look,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._outbox = outbox
        self._clock = clock
        self._agent = agent
        self._look = look
        self._began: dict[OutboxId, float] = {}
        self._done: dict[OutboxId, int] = {}
        self._wanted: set[OutboxId] = set()
        self._wake = asyncio.Event()
        store.listen(lambda fact: self._wake.set() if isinstance(fact, OutboxChanged) else None)

    def check(self, number: OutboxId) -> None:
        """Looks for a send at once, because the agent asks for it."""
        self._wanted.add(number)
        self._wake.set()

    async def run(self) -> None:
        """Serves for ever."""
        await self._calibrate()
        while True:
            self._wake.clear()
            unknown = self._unknown()
            due = [item for item in unknown if self._is_due(item)]
            if due:
                await self._search(due)
            await self._ask()
            waits = [self._next(item) for item in self._unknown()]
            await self._clock.pause(max(0.0, min(waits, default=IDLE)), self._wake)

    def _unknown(self) -> list[OutboxItem]:
        """What is unknown now; for each it is known when it left, on a clock that never jumps."""
        found = [i for i in self._store.state.outbox if i.state is SendState.UNKNOWN]
        known = {item.id for item in found}
        for number in [n for n in self._began if n not in known]:
            del self._began[number]
            self._done.pop(number, None)
            self._wanted.discard(number)
        for item in found:
            if item.id not in self._began:
                age = max(0.0, self._clock.now() - (item.started or item.created))
                self._began[item.id] = self._clock.monotonic() - age
        return found

    def _age(self, item: OutboxItem) -> float:
        return self._clock.monotonic() - self._began[item.id]

    def _is_due(self, item: OutboxItem) -> bool:
        if item.id in self._wanted:
            return True
        hopeless = self._store.state.calibration.visibility is Visibility.NO
        passed = sum(1 for at in LOOKS if at <= self._age(item))
        return not hopeless and item.asked is None and passed > self._done.get(item.id, 0)

    def _next(self, item: OutboxItem) -> float:
        """Seconds until something has to be done about a send."""
        if item.id in self._wanted:
            return 0.0
        if item.asked is not None:
            return IDLE
        age, horizon = self._age(item), self._store.state.calibration.horizon
        times = [at - age for at in (*LOOKS, horizon) if at > age]
        return min(times) if times else STORAGE_WAIT

    async def _search(self, due: list[OutboxItem]) -> None:
        offset = self._gateway.clock_offset() or 0.0
        now = int(self._clock.now() + offset) + 1
        for item in due:
            self._wanted.discard(item.id)
            self._done[item.id] = sum(1 for at in LOOKS if at <= self._age(item))
            start = max(0, int((item.started or item.created) + offset) - BEFORE)
            end = max(start, min(now, start + LONGEST_SPAN))
            try:
                records = await self._look(start, end)
            except DeskError:
                self._store.dispatch(LookedUp(item.id, self._clock.now(), None))
                continue
            own = [
                r
                for r in records
                if r.openid == item.openid and r.worker == self._agent and r.opercode == OperCode.AGENT_SENT
            ]
            alike = [r.text for r in own if normal(r.text) != normal(item.text)]
            near = nearest_words(item.text, alike)
            self._store.dispatch(LookedUp(item.id, self._clock.now(), len(own), near))
        await self._calibrate()

    async def _ask(self) -> None:
        horizon = self._store.state.calibration.horizon
        for item in self._unknown():
            if item.asked is None and self._age(item) >= horizon:
                try:
                    asked = await self._outbox.ask(item.id, now=self._clock.now())
                except DeskError as error:
                    self._store.dispatch(NoticeRaised(error.failure.text, error.failure, self._clock.now()))
                    continue
                self._store.dispatch(OutboxChanged(asked))

    async def _calibrate(self) -> None:
        try:
            learned = await self._outbox.calibration(now=self._clock.now())
        except DeskError:
            return
        if learned != self._store.state.calibration:
            self._store.dispatch(Calibrated(learned))
