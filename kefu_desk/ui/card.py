"""Large buttons with an icon, a title and a hint, and small ones that open a menu of choices."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QPainter, QPaintEvent, QPen, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QMenu

from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.ui.button import Button
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.paint import focus_ring, icon, line, one_line, rounded
from kefu_desk.ui.theme import Theme, ui_font

_PAD, _TILE, _TEXT_AT, _CHEVRON = 16, 40, 71, 16
_TITLE_LINE, _HINT_LINE = 21, 20


class Card(Button):
    """One way to go on; a screen reader says title and hint as one sentence."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        title: Text,
        hint: Text = NOTHING,
        *,
        name: Text | None = None,
        sign: str = "plus",
        lit: bool = False,
    ) -> None:
        super().__init__(theme, icons, title)
        self._title = title
        self._hint = hint
        self._sign = sign
        self._lit = lit
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(title, name or text("welcome.card.sentence", title=title, hint=hint))

    def sizeHint(self) -> QSize:
        """As wide as the column of the page, as high as the hint needs."""
        return QSize(406, self.heightForWidth(max(self.width(), 406)))

    def minimumSizeHint(self) -> QSize:
        """Never lower than what the words need at the present width."""
        return QSize(240, self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        """The height of tile or words with their padding."""
        if not words(self._hint):
            return _TILE + 16
        _layout, high = self._hint_lines(width)
        return max(_TILE, _TITLE_LINE + 2 + high) + 2 * _PAD

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints outline, tile, title, hint and chevron."""
        painter = QPainter(self)
        theme, short = self.theme, not words(self._hint)
        self._paint_frame(painter)
        top = 8 if short else _PAD
        rounded(painter, QRect(_PAD, top, _TILE, _TILE), theme.color("control"), 8)
        ink = theme.color("accent" if self._lit else "text-2")
        icon(painter, self.icons, self._sign, QPointF(_PAD + 10, top + 20), 20, ink)
        across = self.width() - _TEXT_AT - _PAD - _CHEVRON - 8
        title_top = (self.height() - _TITLE_LINE) // 2 if short else _PAD
        where = QRect(_TEXT_AT, title_top, across, _TITLE_LINE)
        line(painter, where, words(self._title), theme.color("text"), 14, bold=True)
        if not short:
            layout, _high = self._hint_lines(self.width())
            painter.setPen(theme.color("text-2"))
            layout.draw(painter, QPointF(_TEXT_AT, _PAD + _TITLE_LINE + 2))
        middle = self.height() // 2 if short else _PAD + 18
        at = QPointF(self.width() - _PAD - _CHEVRON, middle)
        icon(painter, self.icons, "chevron-right", at, _CHEVRON, theme.color("border"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Takes the height of the new width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Asks for the height of the new words."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.updateGeometry()

    def _paint_frame(self, painter: QPainter) -> None:
        rect = QRectF(self.rect())
        if self.isDown() or self.underMouse():
            rounded(painter, rect, self.theme.color("hover"), 8)
        if self.ringed:
            focus_ring(painter, self.theme, rect)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.color("hairline"), 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.restore()

    def _hint_lines(self, width: int) -> tuple[QTextLayout, int]:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(one_line(words(self._hint)), ui_font(13))
        layout.setTextOption(option)
        across, top = max(80, width - _TEXT_AT - _PAD - _CHEVRON - 8), 0
        layout.beginLayout()
        while (row := layout.createLine()).isValid():
            row.setLineWidth(across)
            row.setPosition(QPointF(0, top + (_HINT_LINE - row.height()) / 2))
            top += _HINT_LINE
        layout.endLayout()
        return layout, top


class Picker(Button):
    """A small button that shows the present choice and opens a menu with the others."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, icons: Icons, sign: str, sentence_key: str, choices: Sequence[tuple[str, Text]]
    ) -> None:
        super().__init__(theme, icons, NOTHING, icon=sign, small=True)
        self._sentence_key = sentence_key
        self._choices = tuple(choices)
        self._present = ""
        self._menu = QMenu(self)
        self._group = QActionGroup(self._menu)
        for value, _phrase in self._choices:
            action = self._menu.addAction("")
            action.setCheckable(True)
            action.setData(value)
            self._group.addAction(action)
        self._menu.triggered.connect(lambda action: self._choose(str(action.data())))
        self.clicked.connect(self._open)
        self.show_choice(self._choices[0][0])

    @property
    def present(self) -> str:
        """The value shown as chosen."""
        return self._present

    @property
    def menu_of_choices(self) -> QMenu:
        """The menu, which is open without blocking anything."""
        return self._menu

    def show_choice(self, value: str) -> None:
        """Shows a value as the present choice; an unknown one is ignored."""
        phrases = dict(self._choices)
        if value in phrases:
            self._present = value
            self.say(phrases[value], text(self._sentence_key, name=phrases[value]))
            self._say_actions()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the button and its chevron."""
        super().paintEvent(event)
        painter = QPainter(self)
        at = QPointF(self.width() - 22, self.height() // 2)
        icon(painter, self.icons, "chevron-down", at, 12, self.theme.color("text-2"))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language in the menu too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say_actions()

    def _say_actions(self) -> None:
        for action, (value, phrase) in zip(self._group.actions(), self._choices, strict=True):
            action.setText(words(phrase))
            action.setChecked(value == self._present)

    def _choose(self, value: str) -> None:
        self.show_choice(value)
        self.chosen.emit(value)

    def _open(self) -> None:
        above = QPoint(0, -self._menu.sizeHint().height() - 4)
        self._menu.popup(self.mapToGlobal(above))
