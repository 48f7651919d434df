"""Asks WeChat for its limits in the background, and tells how much of today is used."""

import asyncio
from collections.abc import Sequence

from kefu_desk.desk.budget import Budget
from kefu_desk.desk.ports import Clock, Gateway
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import QuotasTold
from kefu_desk.domain.quota import Path, midnight_after

FIRST_AFTER = 10.0
"""Seconds that the first data have for themselves."""
ASK_EACH = 3600.0
TELL_EACH = 30.0
AFTER_MIDNIGHT = 120.0


class Meter:
    """One loop: limits each hour and after midnight in China, counts twice a minute."""

    def __init__(self, *, store: Store, gateway: Gateway, clock: Clock, budget: Budget) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._budget = budget
        self._asked_at: float | None = None
        self._midnight = 0.0

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        never = asyncio.Event()
        await self._clock.pause(FIRST_AFTER, never)
        while True:
            if self._is_due():
                await self._ask(tuple(Path))
            told = self._budget.told()
            if told != self._store.state.link.quotas:
                self._store.dispatch(QuotasTold(told))
            await self._clock.pause(TELL_EACH, never)

    def _is_due(self) -> bool:
        new_day = self._budget.server() > self._midnight + AFTER_MIDNIGHT
        return new_day or self._asked_at is None or self._clock.monotonic() - self._asked_at >= ASK_EACH

    async def _ask(self, paths: Sequence[Path]) -> None:
        self._asked_at = self._clock.monotonic()
        self._midnight = midnight_after(self._budget.server())
        for path in paths:
            quota = await self._gateway.quota(path)
            if quota is None:  # a path that may not be asked for stays estimated; so do the others today
                return
            self._budget.learn(path, quota)
