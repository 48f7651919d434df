"""Tells when a widget has painted something that was not there before."""

import asyncio
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class Painted(QObject):
    """Watches one widget; `after` gives the moment of the first finished paint that shows what is awaited."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._shows: Callable[[], bool] | None = None
        self._done = asyncio.Event()
        self._at = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._shows is not None and self._shows():
            self._shows = None
            self._widget.removeEventFilter(self)
            self._widget.event(event)  # paints now, so that the moment is after it
            self._widget.installEventFilter(self)
            self._at = time.perf_counter()
            self._done.set()
            return True
        return False

    def expect(self, shows: Callable[[], bool]) -> None:
        """From now on, waits for a paint while `shows` is true."""
        self._done.clear()
        self._shows = shows

    async def after(self, seconds: float = 20.0) -> float:
        """The moment of that paint, on `time.perf_counter`."""
        async with asyncio.timeout(seconds):
            await self._done.wait()
        return self._at
