"""The floor of a start: an empty PySide6 window of our size; prints when it was painted."""

import os
import time

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class Bare(QMainWindow):
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest:
            print(time.monotonic(), flush=True)
            os._exit(0)
        return done


app = QApplication([])
window = Bare()
window.resize(1280, 800)
window.show()
app.exec()
