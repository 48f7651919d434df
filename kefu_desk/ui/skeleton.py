"""What the window shows before its panes exist: their places, in the colours of the theme.

No text: the first glyph loads the fonts, which the first paint need not wait for. And only paths, filled with
brushes of the palette: the first colour that PySide turns into a brush sets up the whole Qt namespace, 35 ms.
"""

from collections.abc import Iterator

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

STRIP, LEFT, STATUS = 70, 320, 24  # the strip with the menu bar over it
ROW, AVATAR, MARGIN = 60, 40, 16
ROWS = 3


class Skeleton(QWidget):
    """Static grey shapes; nothing moves and nothing can be clicked."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints planes, hairlines and three grey rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        for role, shape in shapes(self.width(), self.height()):
            painter.fillPath(shape, palette.brush(role))
        painter.end()


def shapes(width: int, height: int) -> Iterator[tuple[QPalette.ColorRole, QPainterPath]]:
    """What is painted, from the back to the front, each in the colour of its role."""
    role = QPalette.ColorRole
    below = height - STRIP - STATUS
    yield role.Window, _boxes(QRect(0, 0, width, height))
    yield role.Base, _boxes(QRect(LEFT, STRIP, width - LEFT, below))
    yield (
        role.Mid,
        _boxes(
            QRect(0, STRIP - 1, width, 1), QRect(LEFT, STRIP, 1, below), QRect(0, height - STATUS, width, 1)
        ),
    )
    rows = QPainterPath()
    for row in range(ROWS):
        top = STRIP + 32 + row * ROW
        rows.addEllipse(QRectF(MARGIN, top + 10, AVATAR, AVATAR))
        rows.addRoundedRect(QRectF(66, top + 14, 120, 12), 4, 4)
        rows.addRoundedRect(QRectF(66, top + 36, 200, 10), 4, 4)
    yield role.Button, rows


def _boxes(*places: QRect) -> QPainterPath:
    path = QPainterPath()
    for place in places:
        path.addRect(QRectF(place))
    return path
