"""The round button that leads back to the newest message and counts what came meanwhile."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from kefu_desk.domain.text import text
from kefu_desk.ui.focus import by_keyboard
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.paint import advance, focus_ring, icon, line
from kefu_desk.ui.theme import Theme

_HIGH = 32


class JumpPill(QAbstractButton):
    """Says how many messages came since the reader left the end; lies over the lower right of its parent."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = parent
        self._theme = theme
        self._icons = icons
        self._count = 0
        self._ringed = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()
        self._retranslate()

    def count(self, number: int) -> None:
        """How many messages have come that were not seen yet."""
        if number != self._count:
            self._count = number
            self._retranslate()

    def place(self) -> None:
        """Goes to its corner of the parent."""
        self.resize(self.sizeHint())
        area = self._area.rect()
        self.move(area.width() - 20 - self.width(), area.height() - 12 - self.height())

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(10 + 16 + 6 + advance(self.text(), 13) + 14, _HIGH)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remembers how the focus came."""
        self._ringed = by_keyboard(event.reason(), before=self._ringed)
        super().focusInEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints an arrow and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self._theme.color("border"), 1))
        painter.setBrush(self._theme.color("hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(rect, _HIGH / 2 - 0.5, _HIGH / 2 - 0.5)
        ink = self._theme.color("text")
        icon(painter, self._icons, "arrow-down", QPointF(10, _HIGH / 2), 16, ink)
        line(painter, self.rect().adjusted(32, 0, -10, 0), self.text(), ink, 13)
        if self._ringed and self.hasFocus():
            focus_ring(painter, self._theme, self.rect(), _HIGH / 2)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setText(words(text("chat.jump.new", self._count) if self._count else text("chat.jump.newest")))
        self.setAccessibleName(self.text())
        self.place()
