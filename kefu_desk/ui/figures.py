"""The strip of figures over the supervisor tables, and the age of what they show."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.presenters.team import Figure
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.i18n import sentence, words
from kefu_desk.ui.paint import advance, badge, badge_width, dot, has_shape, line, shape
from kefu_desk.ui.theme import Theme


class FigureCell(QWidget):
    """One figure: label 12, value 22 bold with its shape, note 12."""

    def __init__(self, theme: Theme, figure: Figure, *, first: bool) -> None:
        super().__init__()
        self._theme = theme
        self._figure = figure
        self._first = first
        self._retranslate()

    def show_figure(self, figure: Figure) -> None:
        """Shows another value."""
        if figure != self._figure:
            self._figure = figure
            self._retranslate()
            self.update()

    def sizeHint(self) -> QSize:
        """The design's height."""
        return QSize(120, 84)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints divider and three lines."""
        painter = QPainter(self)
        theme, figure = self._theme, self._figure
        if not self._first:
            painter.setPen(QPen(theme.color("hairline"), 1))
            painter.drawLine(0, 16, 0, self.height() - 17)
        width, quiet = self.width() - 24, theme.color("text-2")
        line(painter, QRect(16, 10, width, 18), words(figure.label), quiet, 12)
        ink = theme.ink(figure.tone)
        left = 16 + (14 if shape(painter, 16, 43, figure.tone, ink) else 0)
        line(painter, QRect(left, 27, width, 32), figure.value, ink, 22, bold=True)
        if figure.note is not None:
            line(painter, QRect(16, 58, width, 18), words(figure.note), quiet, 12)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.update()

    def _retranslate(self) -> None:
        figure = self._figure
        said = text("team.figure.sentence", label=figure.label, value=figure.value)
        self.setAccessibleName(sentence((said, figure.note or NOTHING)))


class FigureStrip(QWidget):
    """Equal cells over the full width."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cells: dict[str, FigureCell] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setFixedHeight(84)

    def render_figures(self, figures: tuple[Figure, ...]) -> None:
        """Shows the figures; their widgets stay while their keys stay."""
        if [figure.key for figure in figures] != list(self._cells):
            for cell in self._cells.values():
                self._row.removeWidget(cell)
                cell.hide()
                cell.deleteLater()
            self._cells = {
                figure.key: FigureCell(self._theme, figure, first=place == 0)
                for place, figure in enumerate(figures)
            }
            for cell in self._cells.values():
                self._row.addWidget(cell, 1)
        for figure in figures:
            self._cells[figure.key].show_figure(figure)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the line below."""
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("hairline"), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()


class AgeMark(QWidget):
    """How old the data is: a dot while it is fresh, a badge with its shape when it is not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words: Text = NOTHING
        self._tone = Tone.MUTED
        self.setFixedHeight(20)
        self._retranslate()

    def show_age(self, phrase: Text | None, tone: Tone) -> None:
        """Shows an age in words."""
        self._words, self._tone = phrase or NOTHING, tone
        self._retranslate()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints dot and words, or the badge."""
        said = words(self._words)
        if not said:
            return
        painter = QPainter(self)
        if has_shape(self._tone):
            badge(painter, self._theme, badge_width(said, self._tone), 10, said, self._tone)
        else:
            color = self._theme.color("accent" if self._tone is Tone.GOOD else "border")
            dot(painter, QPointF(4, 10), 8, color)
            line(painter, QRect(14, 0, self.width() - 14, 20), said, self._theme.color("text-2"), 12)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        said = words(self._words)
        self.setAccessibleName(said)
        self.setFixedWidth(max(badge_width(said, self._tone), 14 + advance(said, 12)))
        self.update()
