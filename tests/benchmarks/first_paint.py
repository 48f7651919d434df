"""The real program on the simulator; prints when the window, or its first data, was painted.

Its home comes from the caller: making a folder here would be measured as part of the start.
"""

import os
import sys
import time

from kefu_desk.app.lean import lighten_imports

lighten_imports()  # as the command does before it imports the window

from kefu_desk.app import gui  # noqa: E402


def report() -> None:
    print(time.monotonic(), flush=True)
    os._exit(0)


def watch_data(window: gui.DeskWindow) -> None:
    """Reports the first paint of the queue that has rows."""
    from PySide6.QtCore import QEvent, QObject

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and window.queue.list.model().rowCount() > 0:
                report()
            return False

    window.painted_watch = Painted(window)
    window.queue.list.viewport().installEventFilter(window.painted_watch)


def main() -> None:
    wait, furnish = gui.wait_for_paint, gui.DeskWindow.furnish
    if sys.argv[1] == "paint":
        gui.wait_for_paint = lambda window: (wait(window), report())
    else:
        gui.DeskWindow.furnish = lambda window, icons: (furnish(window, icons), watch_data(window))
    from kefu_desk.app.cli import main as start

    start(["demo"])


main()
