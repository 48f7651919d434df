"""The text fields of the account wizard, and what a well-shaped value is."""

import re
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStyle, QStyleOptionFrame, QVBoxLayout, QWidget

from kefu_desk.domain.text import Text, text
from kefu_desk.ui.button import IconButton
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Label, Paragraph
from kefu_desk.ui.theme import Theme

DEFAULT_BASE: Final = "https://api.weixin.qq.com"
_APPID = re.compile(r"wx[0-9A-Za-z]{16}")
_SECRET = re.compile(r"[0-9A-Za-z]{32}")
_OWN_COMPUTER = ("127.0.0.1", "::1", "localhost")


def fault_of(field: str, value: str) -> Text | None:
    """What is wrong with the shape of a `title`, `appid`, `secret` or `base`; None when nothing is."""
    if field == "base":
        return _base_fault(value or DEFAULT_BASE)
    sound = {"title": bool(value), "appid": _APPID.fullmatch(value), "secret": _SECRET.fullmatch(value)}
    return None if sound[field] else text(f"setup.error.{field}")


def _base_fault(value: str) -> Text | None:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return text("setup.error.base")
    if parts.scheme not in {"https", "http"} or not host or parts.query or parts.fragment or parts.username:
        return text("setup.error.base")
    if parts.scheme == "http" and host not in _OWN_COMPUTER:
        return text("setup.error.plain")
    return None


class Field(QWidget):
    """A labelled line: hint or fault below it; the fault shows once the person has left the field."""

    changed = Signal()

    def __init__(self, name: str, edit: QLineEdit | None = None) -> None:
        super().__init__()
        self.name = name
        self.edit = edit if edit is not None else QLineEdit()
        self._label = Label(text(f"setup.field.{name}"), role="second")
        self._hint = text(f"setup.field.{name}.hint")
        self._note = Paragraph(self._hint, role="meta")
        self._fault: Text | None = None
        self._label.setBuddy(self.edit)
        self.edit.setMaxLength(512)
        self.edit.textEdited.connect(self._edited)
        self.edit.editingFinished.connect(self._left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._label, self.edit, self._note):
            column.addWidget(widget)
        self._retranslate()

    @property
    def value(self) -> str:
        """The trimmed text; a base address without its last slash, the usual one when empty."""
        value = self.edit.text().strip()
        return (value.rstrip("/") or DEFAULT_BASE) if self.name == "base" else value

    @property
    def sound(self) -> bool:
        """Whether the value has the right shape."""
        return fault_of(self.name, self.value) is None

    def fill(self, value: str) -> None:
        """Replaces the value and forgets what was typed before, undo included."""
        self.edit.setText(value)
        self.set_fault(None)

    def set_fault(self, fault: Text | None) -> None:
        """Shows a fault under the field, or the hint again."""
        self._fault = fault
        self._note.say(fault if fault is not None else self._hint)
        self._note.restyle("role", "meta" if fault is None else "error")
        self.edit.setProperty("wrong", fault is not None)
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Names the line in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _edited(self) -> None:
        if self._fault is not None:
            self.set_fault(None)
        self.changed.emit()

    def _left(self) -> None:
        if self.edit.text().strip() or self.name == "base":
            self.set_fault(fault_of(self.name, self.value))

    def _retranslate(self) -> None:
        self.edit.setAccessibleName(words(self._label.phrase))
        self.edit.setAccessibleDescription(words(self._fault or self._hint))


class SecretEdit(QLineEdit):
    """A password line whose eye shows the secret to the person at the screen and to nothing else.

    The line stays in password mode, so neither the clipboard nor a screen reader gets the text; the eye
    only changes what is painted.
    """

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.eye = IconButton(theme, icons, "eye", text("setup.secret.show"), side=28)
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self._toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2, 0)
        row.addStretch(1)
        row.addWidget(self.eye)
        self.setTextMargins(0, 0, 30, 0)

    @property
    def revealed(self) -> bool:
        """Whether the eye is on."""
        return self.eye.isChecked()

    def wipe(self) -> None:
        """Forgets the secret and hides what comes next."""
        self.setText("")
        self.eye.setChecked(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the dots, or the letters while the eye is on."""
        if not self.revealed or not self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        frame = QStyleOptionFrame()
        self.initStyleOption(frame)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, frame, painter, self)
        rect = self.rect().adjusted(13, 0, -44, 0)
        painter.setClipRect(rect.adjusted(0, 0, 2, 0))
        painter.setPen(self._theme.color("text"))
        painter.setFont(self.font())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
        if self.hasFocus():
            before = painter.fontMetrics().horizontalAdvance(self.text()[: self.cursorPosition()])
            caret = QRect(rect.left() + before, self.height() // 2 - 8, 1, 16)
            painter.fillRect(caret, self._theme.color("text"))
        painter.end()

    def _toggled(self) -> None:
        self.eye.refresh()
        self.update()
