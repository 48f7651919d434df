"""The unmistakable mark of the simulator: a 3-pixel line around the whole window."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kefu_desk.ui.theme import Theme

LINE = 3


class SimulatorFrame(QWidget):
    """Painted over the window's content; takes no mouse and no keys."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the line."""
        painter = QPainter(self)
        pen = QPen(self._theme.color("sim"), LINE)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        half = LINE // 2
        painter.drawRect(self.rect().adjusted(half, half, -half - 1, -half - 1))
