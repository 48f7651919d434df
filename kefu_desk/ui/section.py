"""The 32-px line over a list: a bold label, a count, and what stands at the right."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from kefu_desk.ui import paint
from kefu_desk.ui.chips import Line, Piece, Tally
from kefu_desk.ui.theme import Theme


class KeyCap(QLabel):
    """A key combination as the system writes it, on a small cap."""

    def __init__(self, theme: Theme, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setText(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """The words and their padding."""
        return paint.cap_size(self.text())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the cap."""
        painter = QPainter(self)
        paint.key_cap(painter, self._theme, self.rect(), self.text())
        painter.end()


class SectionHeader(QWidget):
    """Label and count at the left; `add` puts widgets at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(32)
        self._title = Tally(theme, height=18)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 12, 0)
        self._row.setSpacing(6)
        self._row.addWidget(self._title)
        self._row.addStretch(1)

    def add(self, widget: QWidget) -> None:
        """Puts a widget at the right end."""
        self._row.addWidget(widget)

    def show_title(self, title: str, count: str) -> None:
        """Shows the label and, unless empty, the count."""
        pieces = [Piece(title, bold=True, pixels=12)]
        if count:
            pieces.append(Piece(count, pixels=12, before=6))
        self._title.show_line(Line(tuple(pieces)))
