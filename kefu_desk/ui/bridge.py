"""The one seam between the running desk and Qt: many facts become one signal, outside every task.

A fact is dispatched inside an asyncio task. Painting, or opening a dialog, from there would run Qt code
inside that task; a timer delivers later, from Qt's own loop (architecture part 0, finding 2).
"""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from kefu_desk.domain.state import DeskState

FRAME_MS = 16


class Bridge(QObject):
    """Tells at most once a frame that the state has changed: `changed(old, new)`."""

    changed = Signal(object, object)

    def __init__(self, read: Callable[[], DeskState], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._shown = read()
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._deliver)

    def mark_dirty(self) -> None:
        """Takes note that something changed; cheap, and harmless in any task."""
        if self._timer.isActive():
            return
        elapsed = self._since.elapsed() if self._since.isValid() else FRAME_MS
        self._timer.start(max(0, FRAME_MS - elapsed))

    def stop(self) -> None:
        """Delivers nothing any more."""
        self._timer.stop()

    def _deliver(self) -> None:
        before, self._shown = self._shown, self._read()
        self._since.restart()
        if before is not self._shown:
            self.changed.emit(before, self._shown)
