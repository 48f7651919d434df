"""Push buttons and icon buttons that follow the language and the theme."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QGuiApplication, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QToolButton

from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.ui.focus import by_keyboard, filled_ring
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.paint import focus_ring, one_line
from kefu_desk.ui.theme import Theme

_REPAINT = (QEvent.Type.StyleChange, QEvent.Type.PaletteChange)
_ICON, _GAP = 15, 3
_ICON_INK = {"primary": "accent-text", "danger": "bg", "link": "link"}


def _spaced(icons: Icons, name: str, ink: QColor, faint: QColor) -> QIcon:
    """An icon with room at its right, because Qt's own distance to the words is too small for the design."""
    out = QIcon()
    for mode, color in ((QIcon.Mode.Normal, ink), (QIcon.Mode.Disabled, faint)):
        for ratio in (1.0, 2.0):
            wide = QPixmap(round((_ICON + _GAP) * ratio), round(_ICON * ratio))
            wide.setDevicePixelRatio(ratio)
            wide.fill(Qt.GlobalColor.transparent)
            painter = QPainter(wide)
            painter.drawPixmap(0, 0, icons.pixmap(name, _ICON, color, ratio))
            painter.end()
            out.addPixmap(wide, mode)
    return out


class Button(QPushButton):
    """A push button saying a phrase; `kind` is "", primary, danger or link."""

    def __init__(
        self, theme: Theme, icons: Icons, phrase: Text, *, kind: str = "", icon: str = "", small: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._phrase = phrase
        self._name = NOTHING
        self._icon = icon
        self._kind = kind
        self._ringed = True  # a focus given before the window was active came from no mouse
        self.setAutoDefault(True)  # Enter presses the focused button, as Space does
        self.setProperty("kind", kind)
        self.setProperty("small", small)
        self.setIconSize(QSize(_ICON + _GAP, _ICON))
        self._retranslate()
        self._recolour()

    @property
    def theme(self) -> Theme:
        """The colours, for subclasses that paint."""
        return self._theme

    @property
    def icons(self) -> Icons:
        """The icons, for subclasses that paint."""
        return self._icons

    @property
    def ringed(self) -> bool:
        """Whether the focus came by the keyboard, so that its ring shows."""
        return self._ringed and self.hasFocus()

    def say(self, phrase: Text, name: Text = NOTHING) -> None:
        """Shows another phrase; `name` is what a screen reader says when the words alone do not tell."""
        self._phrase, self._name = phrase, name
        self._retranslate()

    def show_icon(self, icon: str) -> None:
        """Shows another icon of the folder."""
        self._icon = icon
        self._recolour()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remembers how the focus came."""
        self._ringed = by_keyboard(event.reason(), before=self._ringed)
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the button, then the ring."""
        super().paintEvent(event)
        if self.ringed:
            painter = QPainter(self)
            radius = 6 if self._kind == "link" else 8
            ring = filled_ring if self._kind in {"primary", "danger"} else focus_ring
            ring(painter, self._theme, QRectF(self.rect()), radius)
            painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() in _REPAINT:
            self._recolour()

    def _retranslate(self) -> None:
        said = one_line(words(self._phrase))
        self.setText(said.replace("&", "&&"))
        self.setAccessibleName(words(self._name) or said)

    def _recolour(self) -> None:
        if self._icon:
            ink = self._theme.color(_ICON_INK.get(self._kind, "text-2"))
            self.setIcon(_spaced(self._icons, self._icon, ink, self._theme.color("border")))


class CopyButton(Button):
    """Puts a value on the clipboard when pressed and says so until the value changes."""

    def __init__(self, theme: Theme, icons: Icons, phrase: Text, *, kind: str = "", icon: str = "") -> None:
        super().__init__(theme, icons, phrase, kind=kind, icon=icon)
        self._offer = phrase
        self._value = ""
        self.clicked.connect(self._copy)

    def offer(self, value: str) -> None:
        """What the next press copies."""
        if value != self._value:
            self._value = value
            self.say(self._offer)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._value)
        self.say(text("copy.done"))


class IconButton(QToolButton):
    """A button that is an icon; its phrase is the tooltip and the accessible name."""

    def __init__(self, theme: Theme, icons: Icons, icon: str, phrase: Text, *, side: int = 32) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._icon = icon
        self._phrase = phrase
        self._ringed = True  # a focus given before the window was active came from no mouse
        self.setFixedSize(side, side)
        self.setIconSize(QSize(18, 18) if side >= 32 else QSize(16, 16))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._retranslate()
        self._recolour()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remembers how the focus came."""
        self._ringed = by_keyboard(event.reason(), before=self._ringed)
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the icon, then the ring."""
        super().paintEvent(event)
        if self._ringed and self.hasFocus():
            painter = QPainter(self)
            focus_ring(painter, self._theme, QRectF(self.rect()), 8)
            painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() in _REPAINT:
            self._recolour()

    def refresh(self) -> None:
        """Colours the icon for the checked state of the moment."""
        self._recolour()

    def _retranslate(self) -> None:
        said = words(self._phrase)
        self.setToolTip(said)
        self.setAccessibleName(said)

    def _recolour(self) -> None:
        ink = self._theme.color("link" if self.isCheckable() and self.isChecked() else "text-2")
        faint = self._theme.color("border")
        self.setIcon(self._icons.icon(self._icon, self.iconSize().width(), ink, faint))
