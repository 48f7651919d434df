"""The line over the reply box: what may still be sent, why not, and how long the text is."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kefu_desk.domain.limits import TEXT_BYTES
from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.paint import RIGHT, advance, icon, line, plain_tooltip, ring
from kefu_desk.ui.theme import Theme

_SHOWN_FROM = -(-TEXT_BYTES * 8 // 10)
_SIDE = 20
_MARK = 14
_RING = {Tone.SOON: "amber", Tone.LATE: "red"}


class GrantLine(QWidget):
    """28 pixels: ring and grant, or the reason in red; at the right the bytes, from 80 % of the limit."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._grant = NOTHING
        self._tone = Tone.MUTED
        self._ring: float | None = None
        self._reason = NOTHING
        self._bytes = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def said(self) -> str:
        """The words on the line, without the counter."""
        return words(self._reason if self._reason != NOTHING else self._grant)

    @property
    def counted(self) -> str:
        """The counter, or nothing while the text is short."""
        if self._bytes < _SHOWN_FROM:
            return ""
        return words(text("composer.bytes", used=_grouped(self._bytes), limit=_grouped(TEXT_BYTES)))

    def grant(self, phrase: Text | None, tone: Tone, share: float | None) -> None:
        """What WeChat is expected to accept; `share` of the reply window fills the ring."""
        if (phrase or NOTHING, tone, share) != (self._grant, self._tone, self._ring):
            self._grant, self._tone, self._ring = phrase or NOTHING, tone, share
            self._renew()

    def reason(self, phrase: Text | None, *, aloud: bool = False) -> None:
        """Why the text was not or will not be sent, or None; `aloud` has a screen reader say it."""
        if (phrase or NOTHING) != self._reason:
            self._reason = phrase or NOTHING
            self._renew()
        if aloud and self._reason != NOTHING:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.said))

    def count(self, used: int) -> None:
        """The bytes of the text."""
        if used != self._bytes:
            self._bytes = used
            self.update()

    def sizeHint(self) -> QSize:
        """28 pixels high."""
        return QSize(200, 28)

    def minimumSizeHint(self) -> QSize:
        """The words elide, the counter does not."""
        return QSize(120, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints ring or sign, words and counter."""
        painter = QPainter(self)
        rect = QRect(_SIDE, 2, self.width() - 2 * _SIDE, self.height() - 2)
        middle = rect.y() + rect.height() / 2
        counted = self.counted
        if counted:
            over = self._bytes > TEXT_BYTES
            ink = self._theme.ink(Tone.LATE if over else Tone.SOON)
            line(painter, rect, counted, ink, 12, align=RIGHT)
            rect.setRight(rect.right() - advance(counted, 12) - 12)
        refused = self._reason != NOTHING
        ink = self._theme.ink(Tone.LATE if refused else self._tone)
        if refused or self._tone is Tone.LATE:
            icon(painter, self._icons, "circle-alert", QPointF(rect.x(), middle), _MARK, ink)
            rect.setLeft(rect.left() + _MARK + 8)
        elif self._ring is not None:
            color = self._theme.color(_RING.get(self._tone, "accent"))
            around = QRectF(rect.x(), middle - _MARK / 2, _MARK, _MARK)
            ring(painter, around, self._ring, color, self._theme.color("off"))
            rect.setLeft(rect.left() + _MARK + 8)
        line(painter, rect, self.said, ink, 12)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._renew()

    def _renew(self) -> None:
        self.setAccessibleName(self.said)
        self.setToolTip(plain_tooltip(self.said))
        self.update()


def _grouped(number: int) -> str:
    """Thousands apart by a thin space, as the status bar writes them."""
    return f"{number:,}".replace(",", "\u2009")
