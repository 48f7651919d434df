"""What the window shows before its panes exist: their places, in the colours of the theme.

No text: the first glyph loads the fonts, which the first paint need not wait for.
"""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kefu_desk.ui.theme import Theme

STRIP, LEFT, STATUS = 70, 320, 24  # the strip with the menu bar over it
ROW, AVATAR, MARGIN = 60, 40, 16
ROWS = 3


class Skeleton(QWidget):
    """Static grey shapes; nothing moves and nothing can be clicked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints planes, hairlines and three grey rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.color
        width, height = self.width(), self.height()
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(QRect(LEFT, STRIP, width - LEFT, height - STRIP - STATUS), color("bg"))
        for line in (
            QRect(0, STRIP - 1, width, 1),
            QRect(LEFT, STRIP, 1, height - STRIP - STATUS),
            QRect(0, height - STATUS, width, 1),
        ):
            painter.fillRect(line, color("hairline"))
        painter.setPen(color("control"))
        painter.setBrush(color("control"))
        for row in range(ROWS):
            top = STRIP + 32 + row * ROW
            painter.drawEllipse(QRectF(MARGIN, top + 10, AVATAR, AVATAR))
            painter.drawRoundedRect(QRectF(66, top + 14, 120, 12), 4, 4)
            painter.drawRoundedRect(QRectF(66, top + 36, 200, 10), 4, 4)
