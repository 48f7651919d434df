"""What a list shows instead of rows: a skeleton while nothing is known, a sentence when there is nothing."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.ui import paint
from kefu_desk.ui.button import Button
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.theme import Theme

_CENTER = Qt.AlignmentFlag.AlignHCenter
_BARS = ((112, 88), (96, 64), (128, 76))


class RowsSkeleton(QWidget):
    """Three still rows of grey shapes; `set_slow` adds words after five seconds."""

    def __init__(self, theme: Theme, row_height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height = row_height
        self._slow = False
        self._name()

    def set_slow(self, slow: bool) -> None:
        """Shows or hides the words that it takes long."""
        if slow != self._slow:
            self._slow = slow
            self._name()
            self.update()

    def minimumSizeHint(self) -> QSize:
        """One row."""
        return QSize(0, self._height)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints circles and bars, and the words below."""
        painter = QPainter(self)
        color = self._theme.color("control")
        end = 3 * self._height + 8
        if self._slow and self.height() < end + 24:
            end = max(0, (self.height() - 28) // self._height) * self._height + 4
        for number, (upper, lower) in enumerate(_BARS[: end // self._height]):
            top = number * self._height + (self._height - 40) // 2
            paint.dot(painter, QPointF(36, top + 20), 40, color)
            paint.rounded(painter, QRect(66, top + 6, upper, 10), color, 5)
            paint.rounded(painter, QRect(66, top + 26, lower, 10), color, 5)
        if self._slow:
            rect = QRect(16, end, self.width() - 32, 20)
            paint.line(painter, rect, self.accessibleName(), self._theme.color("text-2"), 13)
        painter.end()

    def _name(self) -> None:
        self.setAccessibleName(words(text("pane.loading_slow" if self._slow else "pane.loading")))


class CoveredList(QWidget):
    """A list with a cover over it while it has no rows; the list keeps the focus it has."""

    def __init__(self, rows: QAbstractItemView, skeleton: RowsSkeleton, empty: "EmptyCover") -> None:
        super().__init__()
        self._rows = rows
        self._skeleton = skeleton
        self._empty = empty
        self._cover = QStackedWidget()
        self._cover.setAutoFillBackground(True)
        self._cover.addWidget(skeleton)
        self._cover.addWidget(empty)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(rows, 0, 0)
        grid.addWidget(self._cover, 0, 0)

    def uncover(self, *, known: bool, filled: bool) -> None:
        """Shows the skeleton, the empty cover, or the list."""
        self._cover.setCurrentWidget(self._empty if known else self._skeleton)
        self._cover.setVisible(not (known and filled))
        covered = Qt.FocusPolicy.NoFocus
        self._rows.setFocusPolicy(Qt.FocusPolicy.StrongFocus if known and filled else covered)


class KeyHint(QLabel):
    """A short sentence with a key cap in its `{key}` place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = ("", "", "")
        self.setFixedHeight(20)

    def say(self, key_of_text: str, keys: str) -> None:
        """Shows the phrase of this key with a key combination in it."""
        cap = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        before, _, after = words(text(key_of_text, key="\x00")).partition("\x00")
        self._parts = (before.strip(), cap, after.strip())
        self.setText(f"{before}{cap}{after}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The words, the cap and the gaps."""
        before, cap, after = self._parts
        return QSize(
            paint.advance(before, 12) + paint.cap_size(cap).width() + paint.advance(after, 12) + 10, 20
        )

    def minimumSizeHint(self) -> QSize:
        """Enough for the cap; the words elide."""
        return QSize(paint.cap_size(self._parts[1]).width(), 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints words, cap, words."""
        before, cap, after = self._parts
        painter = QPainter(self)
        ink = self._theme.color("text-2")
        left = max(0, (self.width() - self.sizeHint().width()) // 2)
        left += paint.line(painter, QRect(left, 1, self.width() - left, 18), before, ink, 12) + 5
        size = paint.cap_size(cap)
        paint.key_cap(painter, self._theme, QRect(left, 1, size.width(), size.height()), cap)
        left += size.width() + 5
        paint.line(painter, QRect(left, 1, self.width() - left, 18), after, ink, 12)
        painter.end()


class _Picture(QWidget):
    """A large quiet icon; says nothing to screen readers."""

    def __init__(self, theme: Theme, icons: Icons, name: str) -> None:
        super().__init__()
        self._theme, self._icons, self._name = theme, icons, name
        self.setFixedSize(32, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.icon(painter, self._icons, self._name, QPointF(2, 16), 28, self._theme.color("border"))
        painter.end()


class EmptyCover(QWidget):
    """An icon, a sentence, a hint and at most one button, in the middle."""

    pressed = Signal()

    def __init__(
        self, theme: Theme, icons: Icons, icon: str = "", button: Text | None = None, *, large: bool = False
    ) -> None:
        super().__init__()
        self._sentence, self._hint = NOTHING, NOTHING
        self._key_phrase = self._keys = ""
        self._title = _centred("large" if large else "title")
        self._words = _centred("hint")
        self._key_hint = KeyHint(theme)
        self.button = Button(theme, icons, button or NOTHING)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(0)
        column.addStretch(1)
        if icon:
            column.addWidget(_Picture(theme, icons, icon), 0, _CENTER)
            column.addSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addWidget(self._key_hint)
        column.addSpacing(12)
        column.addWidget(self.button, 0, _CENTER)
        column.addStretch(1)
        self._key_hint.hide()
        self.button.setVisible(button is not None)
        self.button.clicked.connect(self._on_clicked)
        self._say()

    def show_words(self, sentence: Text, hint: Text = NOTHING) -> None:
        """Shows a sentence and a hint; without one, what follows a ` · ` of the sentence takes its line."""
        if (sentence, hint) != (self._sentence, self._hint):
            self._sentence, self._hint = sentence, hint
            self._say()

    def show_key(self, phrase: str, keys: str) -> None:
        """Shows a phrase with a key cap in its `{key}` place instead of a hint; no phrase hides it."""
        if (phrase, keys) != (self._key_phrase, self._keys):
            self._key_phrase, self._keys = phrase, keys
            self._say()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()

    def _say(self) -> None:
        sentence, _, rest = words(self._sentence).partition(" · ")
        hint = words(self._hint) or rest
        self._title.setText(sentence)
        self._words.setText(hint)
        self._words.setVisible(bool(hint))
        self._key_hint.setVisible(bool(self._key_phrase))
        if self._key_phrase:
            self._key_hint.say(self._key_phrase, self._keys)

    def _on_clicked(self) -> None:
        self.pressed.emit()


def _centred(name: str) -> QLabel:
    label = QLabel()
    label.setProperty("empty", name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label
