"""What stands where rows would be: a sentence when there are none, grey shapes while nothing is known."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Paragraph
from kefu_desk.ui.paint import dot, rounded
from kefu_desk.ui.theme import Theme


class EmptyState(QWidget):
    """An icon, a sentence and a hint in the middle of an empty area."""

    def __init__(self, theme: Theme, icons: Icons, icon: str, phrase: Text, hint: Text = NOTHING) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._icon = icon
        self._sign = QLabel()
        self._sign.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(4)
        column.addStretch(2)
        column.addWidget(self._sign)
        column.addSpacing(4)
        for said, role in ((phrase, "empty"), (hint, "meta")):
            paragraph = Paragraph(said, role=role)
            paragraph.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            paragraph.setVisible(said != NOTHING)
            column.addWidget(paragraph)
        column.addStretch(3)
        self._recolour()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_icon"):
            self._recolour()

    def _recolour(self) -> None:
        ink = self._theme.color("border")
        self._sign.setPixmap(self._icons.pixmap(self._icon, 30, ink, self.devicePixelRatioF()))


class Skeleton(QWidget):
    """Three still, grey rows."""

    def __init__(self, theme: Theme, row_height: int, circle: int) -> None:
        super().__init__()
        self._theme = theme
        self._row = row_height
        self._circle = circle
        self._retranslate()

    def sizeHint(self) -> QSize:
        """Three rows high."""
        return QSize(200, 3 * self._row)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints circles and bars."""
        painter = QPainter(self)
        color = self._theme.color("control")
        for number, share in enumerate((0.42, 0.34, 0.38)):
            middle = number * self._row + self._row / 2
            at = QRectF(16, middle - self._circle / 2, self._circle, self._circle)
            dot(painter, at.center(), self._circle, color)
            left = 16 + self._circle + 10
            rounded(painter, QRectF(left, middle - 5, self.width() * share, 10), color, 5)
            rounded(painter, QRectF(self.width() - 64, middle - 5, 48, 10), color, 5)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setAccessibleName(words(text("team.loading")))
