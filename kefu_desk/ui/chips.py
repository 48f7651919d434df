"""Chips and tallies: short pieces of words behind a dot or a shape, in one painted line."""

from msgspec import Struct
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from kefu_desk.presenters.tone import Tone
from kefu_desk.ui import paint
from kefu_desk.ui.focus import by_keyboard
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.theme import Theme


class Piece(Struct, frozen=True):
    """Some words of one look; `before` is the gap to what stands left of them."""

    words: str
    tone: Tone = Tone.MUTED
    bold: bool = False
    pixels: int = 13
    before: int = 4

    @property
    def width(self) -> int:
        """The width of the words."""
        return paint.advance(self.words, self.pixels, bold=self.bold)


class Line(Struct, frozen=True):
    """Pieces in a row; `mark` is "", "dot", "shape" (▲ ■ by tone) or the name of an icon."""

    pieces: tuple[Piece, ...] = ()
    mark: str = ""
    tone: Tone = Tone.MUTED

    @property
    def words(self) -> str:
        """The pieces as plain words."""
        return " ".join(piece.words for piece in self.pieces)

    @property
    def mark_width(self) -> int:
        """The room of the mark without its gap."""
        if self.mark == "dot":
            return 8
        if self.mark == "shape":
            return paint.SHAPE if paint.has_shape(self.tone) else 0
        return 12 if self.mark else 0

    @property
    def width(self) -> int:
        """The width of everything."""
        gaps = sum(piece.before for number, piece in enumerate(self.pieces) if number or self.mark_width)
        return self.mark_width + gaps + sum(piece.width for piece in self.pieces)

    def draw(self, painter: QPainter, theme: Theme, icons: Icons | None, rect: QRect) -> None:
        """Paints the line from the left edge of `rect`; the last piece elides when there is no room."""
        left, middle = rect.left(), rect.center().y() + 1
        if self.mark == "dot":
            color = theme.color("border") if self.tone is Tone.MUTED else theme.ink(self.tone)
            paint.dot(painter, QPointF(left + 4, middle), 8, color)
        elif self.mark == "shape":
            paint.shape(painter, left, middle, self.tone, theme.ink(self.tone))
        elif self.mark and icons is not None:
            color = theme.color("border") if self.tone is Tone.MUTED else theme.ink(self.tone)
            paint.icon(painter, icons, self.mark, QPointF(left, middle), 12, color)
        left += self.mark_width
        for number, piece in enumerate(self.pieces):
            left += piece.before if number or self.mark_width else 0
            room = QRect(left, rect.top(), min(piece.width, rect.right() + 1 - left), rect.height())
            paint.line(painter, room, piece.words, theme.ink(piece.tone), piece.pixels, bold=piece.bold)
            left += piece.width


class Tally(QLabel):
    """A painted line that screen readers read as text."""

    def __init__(
        self, theme: Theme, icons: Icons | None = None, parent: QWidget | None = None, *, height: int = 28
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._line = Line()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedHeight(height)

    def show_line(self, line: Line) -> None:
        """Shows another line; the same again costs nothing."""
        if line != self._line:
            self._line = line
            self.setText(line.words)
            self.setAccessibleName(line.words)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as the line."""
        return QSize(self._line.width, self.height())

    def minimumSizeHint(self) -> QSize:
        """Never narrower than the line: numbers are not clipped."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the pieces."""
        painter = QPainter(self)
        self._line.draw(painter, self._theme, self._icons, self.rect())
        painter.end()


class Chip(QAbstractButton):
    """A 28-px button around a line; `filled` gives it the tint of its tone."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, pad: int = 10) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line = Line()
        self._pad = pad
        self._filled = False
        self._ringed = False
        self._room = 0
        self.setFixedHeight(28)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_line(self, line: Line, *, filled: bool = False) -> None:
        """Shows another line; the same again costs nothing."""
        if (line, filled) != (self._line, self._filled):
            before = self.sizeHint()
            self._line, self._filled = line, filled
            self.setText(line.words.replace("&", "&&"))
            if self.sizeHint() != before:
                self.updateGeometry()
            self.update()

    def reserve(self, width: int) -> None:
        """Keeps room for a line of this width, so that a growing number shifts nothing."""
        if width != self._room:
            self._room = width
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The line and its padding."""
        return QSize(max(self._line.width, self._room) + 2 * self._pad, 28)

    def minimumSizeHint(self) -> QSize:
        """Never narrower than the line."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remembers how the focus came."""
        self._ringed = by_keyboard(event.reason(), before=self._ringed)
        super().focusInEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the hover fill."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints fill, line and focus ring."""
        painter = QPainter(self)
        if self._filled:
            paint.rounded(painter, self.rect(), self._theme.tint(self._line.tone), 8)
        elif self.underMouse():
            paint.rounded(painter, self.rect(), self._theme.color("hover"), 8)
        inner = self.rect().adjusted(self._pad, 0, -self._pad, 0)
        self._line.draw(painter, self._theme, None, inner)
        if self._ringed and self.hasFocus():
            paint.focus_ring(painter, self._theme, QRectF(self.rect()))
        painter.end()
