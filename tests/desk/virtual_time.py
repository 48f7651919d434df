"""Time that passes only when every task waits for it: hours of a desk in a second (reliability 5.2)."""

import asyncio
from collections.abc import Callable
from typing import Any

EPOCH = 1_790_049_600.0
"""Unix seconds at loop time 0: 2026-09-22 12:00 in Shanghai."""

PATIENCE = 20.0
"""Real seconds to wait for a thread before a test is called stuck."""

SOCKET_PATIENCE = 0.2

ROUNDS = 10_000
"""Turns of the loop within one moment before a test is called stuck; real work takes some hundreds."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers fire at once, in order, whenever nothing else can happen.

    Time stands still while a thread works for a task (`jobs`), so that the speed of a disk changes nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.jobs = 0
        self._passed = 0.0
        self._rounds = 0
        self._clock_resolution = 1e-6
        self._really_select: Callable[[float | None], list[Any]] = self._selector.select  # type: ignore[attr-defined]
        self._selector.select = self._select  # type: ignore[attr-defined]

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._passed

    def _select(self, timeout: float | None) -> list[Any]:
        events = self._really_select(0)
        self._rounds += 1
        if self._rounds > ROUNDS:
            self._rounds = 0  # so that the loop can still be wound up
            raise RuntimeError("livelock: something goes round and round while no time passes")
        if events or timeout == 0:
            return events
        if self.jobs:
            events = self._really_select(PATIENCE)
            if not events:
                raise RuntimeError(f"a thread did not answer within {PATIENCE:g} real seconds")
            return events
        if len(self._selector.get_map()) > 1:  # type: ignore[attr-defined]  # a socket besides the loop's own
            events = self._really_select(SOCKET_PATIENCE)
            if events:
                return events
        if timeout is None:
            raise RuntimeError("deadlock: every task waits, and nothing is planned")
        self._passed += timeout
        self._rounds = 0
        return []


def counted(wrap_future: Callable[..., "asyncio.Future[Any]"]) -> Callable[..., "asyncio.Future[Any]"]:
    """`asyncio.wrap_future` that tells the virtual loop how many threads are at work for it."""

    def wrap(future: Any, *, loop: asyncio.AbstractEventLoop | None = None) -> "asyncio.Future[Any]":
        wrapped = wrap_future(future, loop=loop)
        home = wrapped.get_loop()
        assert isinstance(home, VirtualLoop)
        home.jobs += 1

        def done(_: "asyncio.Future[Any]") -> None:
            home.jobs -= 1

        wrapped.add_done_callback(done)
        return wrapped

    return wrap


class VirtualClock:
    """The desk's clock, the simulator's clock and the test's clock: one and the same virtual time.

    `ahead` shifts what this clock tells as Unix time, to play a computer whose clock is wrong.
    """

    def __init__(self, ahead: float = 0.0) -> None:
        self._ahead = ahead

    def jump(self, seconds: float) -> None:
        """The wall clock is somewhere else at once, as after a sleep or when somebody sets it."""
        self._ahead += seconds

    def now(self) -> float:
        """Unix seconds."""
        return EPOCH + self._ahead + self.monotonic()

    def monotonic(self) -> float:
        """Seconds since the loop began."""
        return asyncio.get_running_loop().time()

    async def pause(self, seconds: float, wake: asyncio.Event) -> None:
        """Lets the virtual seconds pass, or returns when `wake` is set."""
        try:
            async with asyncio.timeout(seconds):
                await wake.wait()
        except TimeoutError:
            return
