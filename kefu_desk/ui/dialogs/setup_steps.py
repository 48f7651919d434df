"""The steps of the account wizard, above its pages, and the note about a missing keyring."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Paragraph
from kefu_desk.ui.paint import CENTER, advance, dot, icon, line
from kefu_desk.ui.theme import Theme

_DISC, _GAP = 20, 12


class StepBar(QWidget):
    """Numbered discs with names; done steps carry a check, the present one is bold."""

    def __init__(self, theme: Theme, icons: Icons, steps: Sequence[Text]) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._steps = tuple(steps)
        self._present = 0
        self.setFixedHeight(24)
        self._retranslate()

    def go(self, present: int) -> None:
        """Marks a step as the present one."""
        self._present = present
        self._retranslate()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the names with short lines between them."""
        return QSize(sum(map(self._width, range(len(self._steps)))) + (len(self._steps) - 1) * 48, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints discs, names and the lines between."""
        painter = QPainter(self)
        count = len(self._steps)
        widths = [self._width(place) for place in range(count)]
        between = max(2 * _GAP, (self.width() - sum(widths)) // max(1, count - 1))
        left = 0
        for place, width in enumerate(widths):
            self._paint_step(painter, place, left, width)
            left += width
            if place < count - 1:
                painter.setPen(QPen(self._theme.color("hairline"), 1))
                painter.drawLine(left + _GAP, 12, left + between - _GAP, 12)
            left += between
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.updateGeometry()

    def _width(self, place: int) -> int:
        return _DISC + 8 + advance(words(self._steps[place]), 13, bold=place == self._present)

    def _paint_step(self, painter: QPainter, place: int, left: int, width: int) -> None:
        theme, present = self._theme, place == self._present
        fill = "accent" if present else "accent-tint" if place < self._present else "control"
        dot(painter, QPointF(left + _DISC / 2, 12), _DISC, theme.color(fill))
        if place < self._present:
            icon(painter, self._icons, "check", QPointF(left + 4, 12), 12, theme.color("accent"))
        else:
            ink = theme.color("accent-text" if present else "text-2")
            number = str(place + 1)
            line(painter, QRect(left, 2, _DISC, _DISC), number, ink, 12, bold=present, align=CENTER)
        where = QRect(left + _DISC + 8, 0, width - _DISC - 8, 24)
        line(
            painter,
            where,
            words(self._steps[place]),
            theme.color("text" if present else "text-2"),
            13,
            bold=present,
        )

    def _retranslate(self) -> None:
        name = self._steps[self._present]
        spoken = text("setup.step.sentence", number=self._present + 1, total=len(self._steps), name=name)
        self.setAccessibleName(words(spoken))


class VaultNote(QFrame):
    """The amber line that says where the secret cannot be kept."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._sign = QLabel()
        self._sign.setContentsMargins(0, 2, 0, 0)
        self._words = Paragraph()
        self._words.tint(Tone.SOON)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self._recolour()
        self.hide()

    def show_warning(self, warning: Text | None) -> None:
        """Shows a warning, or goes."""
        self._words.say(warning or NOTHING)
        self.setVisible(warning is not None)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_sign"):
            self._recolour()

    def _recolour(self) -> None:
        ink = self._theme.color("amber")
        self._sign.setPixmap(self._icons.pixmap("key-round", 16, ink, self.devicePixelRatioF()))
