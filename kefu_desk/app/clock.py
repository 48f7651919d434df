"""The real time."""

import asyncio
import time


class SystemClock:
    """Time of this computer, for the desk."""

    def now(self) -> float:
        """Unix seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    async def pause(self, seconds: float, wake: asyncio.Event) -> None:
        """Waits about that long or until `wake` is set; Qt's timers may be early or late by some percent."""
        try:
            async with asyncio.timeout(seconds):
                await wake.wait()
        except TimeoutError:
            return
