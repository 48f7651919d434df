"""Small marks with words: the ring of the reply window, the dots of sends left, the session clock."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kefu_desk.domain.text import NOTHING, Text
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.paint import DOTS, advance, dots, icon, line, plain_tooltip, ring
from kefu_desk.ui.theme import Theme

_ARC = {Tone.SOON: "amber", Tone.LATE: "red"}
_GAP = 6


class Gauge(QWidget):
    """A mark and words of 13 pixels; as wide as both, hidden when there is nothing to say."""

    def __init__(self, theme: Theme, icons: Icons, mark_width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.icons = icons
        self._mark_width = mark_width
        self._phrase = NOTHING
        self._name = NOTHING
        self._tone = Tone.PLAIN
        self._brief = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, phrase: Text | None, tone: Tone = Tone.PLAIN, name: Text | None = None) -> None:
        """The words beside the mark; `name` is what a screen reader says instead of them."""
        said = (phrase or NOTHING, tone, name or phrase or NOTHING)
        if said != (self._phrase, self._tone, self._name):
            self._phrase, self._tone, self._name = said
            self._renew()

    def shorten(self, *, brief: bool) -> None:
        """Leaves the words to the tooltip and shows the mark alone."""
        if brief != self._brief:
            self._brief = brief
            self.updateGeometry()
            self.update()

    def width_of(self, *, brief: bool) -> int:
        """The width with or without words."""
        said = words(self._phrase)
        return self._mark_width + (_GAP + advance(said, 13) if said and not brief else 0)

    def sizeHint(self) -> QSize:
        """The mark and the words."""
        return QSize(self.width_of(brief=self._brief), 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the mark, then the words."""
        painter = QPainter(self)
        self.paint_mark(painter)
        if not self._brief:
            rect = QRect(self._mark_width + _GAP, 0, self.width(), self.height())
            line(painter, rect, words(self._phrase), self.theme.ink(self._tone), 13)
        painter.end()

    def paint_mark(self, painter: QPainter) -> None:
        """Draws what stands before the words; the plain gauge has no mark."""

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._renew()

    def _renew(self) -> None:
        said = words(self._name)
        self.setAccessibleName(said)
        self.setToolTip(plain_tooltip(said))
        self.updateGeometry()
        self.update()


class RingGauge(Gauge):
    """The share of the reply window that is left."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__(theme, icons, 18)
        self._share = 0.0
        self._arc = Tone.GOOD

    def fill(self, share: float, tone: Tone) -> None:
        """How much of the ring is drawn, and in which tone."""
        if (share, tone) != (self._share, self._arc):
            self._share, self._arc = share, tone
            self.update()

    def paint_mark(self, painter: QPainter) -> None:
        """Draws the ring."""
        color = self.theme.color(_ARC.get(self._arc, "accent"))
        ring(painter, QRectF(0, 3, 18, 18), self._share, color, self.theme.color("off"), 2.5)


class DotsGauge(Gauge):
    """The sends that are left, as five dots."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__(theme, icons, DOTS)
        self._filled = 0

    def fill(self, filled: int) -> None:
        """How many dots are filled."""
        if filled != self._filled:
            self._filled = filled
            self.update()

    def paint_mark(self, painter: QPainter) -> None:
        """Draws the dots."""
        dots(painter, self.theme, 0, 12, self._filled)


class ClockGauge(Gauge):
    """How long the session lasts."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__(theme, icons, 15)

    def paint_mark(self, painter: QPainter) -> None:
        """Draws a stop watch in the tone of the words."""
        icon(painter, self.icons, "timer", QPointF(0, 12), 15, self.theme.ink(self._tone))
