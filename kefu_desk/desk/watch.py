"""Notices that the computer has slept, or that its clock was set (reliability F-T01 to F-T03)."""

import asyncio
from collections.abc import Awaitable, Callable

from kefu_desk.desk.ports import Clock

LOOK_EACH = 3.0
DRIFT = 5.0
"""Seconds between the two clocks from which on it was no trembling of theirs."""
OVERSLEPT = 30.0
"""Where the monotonic clock goes on during sleep, a look that comes that late tells the same."""


class Watch:
    """Compares the wall clock with the monotonic one every few seconds."""

    def __init__(
        self,
        clock: Clock,
        *,
        refresh: Callable[[], Awaitable[None]],
        woke: Callable[[], None],
        look: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._refresh = refresh
        self._woke = woke
        self._look = look

    async def run(self) -> None:
        """Goes on until it is cancelled; `look` is called each time, the others after a sleep."""
        never = asyncio.Event()
        wall, steady = self._clock.now(), self._clock.monotonic()
        while True:
            await self._clock.pause(LOOK_EACH, never)
            told, passed = self._clock.now() - wall, self._clock.monotonic() - steady
            wall, steady = wall + told, steady + passed
            if abs(told - passed) > DRIFT or passed > LOOK_EACH + OVERSLEPT:
                self._woke()
                await self._refresh()
            self._look()
