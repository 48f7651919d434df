"""What stands in the middle when no conversation is chosen: a sentence and the keys worth knowing."""

import sys

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kefu_desk.domain.text import Text, text
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.paint import CENTER, cap_size, icon, key_cap, line
from kefu_desk.ui.theme import Theme

_WIDE = 260
_ROW = 32
_HEAD = 88
_KEYS: tuple[tuple[Text, str], ...] = (
    (text("keys.accept_next"), "Ctrl+J"),
    (text("keys.next_session"), "Alt+Down"),
    (text("keys.previous_session"), "Alt+Up"),
    (text("keys.next_unanswered"), "Alt+Shift+Down"),
    (text("keys.close_chat"), "Ctrl+E"),
    (text("keys.newline"), "Shift+Enter"),
    (text("keys.undo_send"), "Ctrl+Z"),
    (text("keys.send_now"), "Enter"),
    (text("keys.park_reply"), "Ctrl+Shift+Enter"),
    (text("keys.supervise"), "Ctrl+Shift+S"),
)


class KeyTable(QWidget):
    """Two columns: what a key does, and the key."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._retranslate()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints sign, sentence and as many rows of keys as there is room for."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg"))
        room = max(0, (self.height() - _HEAD - 24) // _ROW)
        keys = _KEYS[:room]
        top = max(0, (self.height() - _HEAD - _ROW * len(keys)) * 2 // 5)
        middle = self.width() // 2
        sign = QPointF(middle - 16, top + 16)
        icon(painter, self._icons, "messages-square", sign, 32, self._theme.color("border"))
        title = QRect(0, top + 42, self.width(), 28)
        line(painter, title, words(text("chat.choose")), self._theme.color("text"), 16, align=CENTER)
        wide = min(_WIDE, self.width() - 40)
        at = QPoint(middle - wide // 2, top + _HEAD)
        for said, keys_ in keys:
            cap = _native(keys_)
            size = cap_size(cap)
            box = QRect(at.x() + wide - size.width(), at.y() + 6, size.width(), 20)
            key_cap(painter, self._theme, box, cap)
            rest = QRect(at.x(), at.y(), wide - size.width() - 8, _ROW)
            line(painter, rest, words(said), self._theme.color("text-2"), 13)
            at += QPoint(0, _ROW)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.update()

    def _retranslate(self) -> None:
        self.setAccessibleName(words(text("chat.choose")))
        self.setAccessibleDescription("; ".join(f"{words(said)} {_native(keys)}" for said, keys in _KEYS))


def _native(keys: str) -> str:
    """A key combination as it stands on the keys; macOS has signs of its own."""
    if sys.platform == "darwin":
        return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return keys.replace("Down", "↓").replace("Up", "↑")
