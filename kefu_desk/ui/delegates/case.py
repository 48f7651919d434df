"""Paints a waiting customer and answers the click on its button."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from kefu_desk.domain.text import text
from kefu_desk.presenters.queue import QueueRow
from kefu_desk.ui import paint
from kefu_desk.ui.avatar import Avatars
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.models.roles import ROW
from kefu_desk.ui.theme import Theme

HEIGHT = 60
_Index = QModelIndex | QPersistentModelIndex


class CaseDelegate(QStyledItemDelegate):
    """The 60-px row of the queue; its button appears under the pointer or the keyboard focus."""

    acceptRequested = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, avatars: Avatars, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._avatars = avatars
        self._pressed = ""
        self._over = ""
        self.why_not = ""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Every row is 60 high."""
        return QSize(0, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paints avatar, two lines, and the button where it belongs."""
        row: QueueRow = index.data(ROW)
        rect: QRect = option.rect
        ringed = paint.keyboard_focus(option)
        hot = ringed or bool(option.state & QStyle.StateFlag.State_MouseOver)
        body = rect.adjusted(8, 1, -8, -1)
        painter.save()
        if hot:
            paint.rounded(painter, body, self._theme.color("hover"), 8)
        if row.note is not None:
            painter.setOpacity(0.45)
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(
            rect.left() + 16, rect.top() + 10, self._avatars.pixmap(row.key, row.glyph, 40, ratio)
        )
        self._first_line(painter, rect, row)
        self._second_line(painter, rect, row, hot=hot)
        painter.setOpacity(1)
        if ringed:
            paint.focus_ring(painter, self._theme, body)
        painter.restore()

    def editorEvent(
        self, event: QEvent, _model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """A press and release on the button of the same row asks to accept it."""
        if not isinstance(event, QMouseEvent):
            return False
        row: QueueRow = index.data(ROW)
        inside = self.on_button(option.rect, row, event.position())
        kind = event.type()
        if kind == QEvent.Type.MouseMove:
            self._over = row.key if inside else ""
            return False
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if kind == QEvent.Type.MouseButtonPress:
            self._pressed = row.key if inside else ""
            return inside
        if kind == QEvent.Type.MouseButtonRelease:
            asked, self._pressed = inside and self._pressed == row.key, ""
            if asked:
                self.acceptRequested.emit(row.key)
            return asked
        return False

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, _option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Shows the whole row, and why it cannot be accepted."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        row: QueueRow = index.data(ROW)
        parts = [words(row.name), detail_words(row)]
        if not row.can_accept and row.note is None and not row.accepting:
            parts.append(self.why_not)
        QToolTip.showText(event.globalPos(), paint.plain_tooltip(" · ".join(filter(None, parts))), view)
        return True

    def on_button(self, rect: QRect, row: QueueRow, at: QPointF) -> bool:
        """Whether a point of the view lies on the button of an acceptable row."""
        return acceptable(row) and button_rect(rect).contains(at.toPoint())

    def _first_line(self, painter: QPainter, rect: QRect, row: QueueRow) -> None:
        top, right = rect.top() + 9, rect.right() + 1 - 18
        loud = paint.has_shape(row.tone)
        wide = max(34, paint.advance(row.timer, 13, bold=loud))
        timer = QRect(right - wide, top, wide, 21)
        paint.line(
            painter,
            timer,
            row.timer,
            self._theme.ink(row.tone),
            13,
            bold=loud,
            align=Qt.AlignmentFlag.AlignRight,
        )
        right -= wide + 6
        if row.badge is not None:
            right -= paint.badge(painter, self._theme, right, top + 11, words(row.badge), row.tone) + 6
        left = rect.left() + 66
        ink = self._theme.color("text")
        paint.line(painter, QRect(left, top, right - left, 21), words(row.name), ink, 14)

    def _second_line(self, painter: QPainter, rect: QRect, row: QueueRow, *, hot: bool) -> None:
        top, left, right = rect.top() + 31, rect.left() + 66, rect.right() + 1 - 18
        ink = self._theme.color("text-2")
        if row.accepting:
            said = words(text("pane.queue.accepting"))
            wide = paint.advance(said, 12)
            paint.line(painter, QRect(right - wide, top, wide, 20), said, ink, 12)
            right -= wide + 6
        elif hot and row.note is None:
            button = button_rect(rect)
            self._button(painter, button, row)
            right = button.left() - 6
        shown = words(row.note) if row.note is not None else detail_words(row)
        paint.line(painter, QRect(left, top, right - left, 20), shown, ink, 13)

    def _button(self, painter: QPainter, rect: QRect, row: QueueRow) -> None:
        fill, ink = "control", "border"
        if acceptable(row):
            fill = "accent-hover" if row.key in {self._over, self._pressed} else "accent"
            ink = "accent-text"
        paint.rounded(painter, rect, self._theme.color(fill), 6)
        color = self._theme.color(ink)
        inner = rect.adjusted(10, 0, -26, 0)
        paint.line(painter, inner, words(text("pane.queue.accept")), color, 12)
        at = QPointF(rect.right() + 1 - 20, rect.top() + 12)
        paint.icon(painter, self._icons, "corner-down-left", at, 12, color)


def acceptable(row: QueueRow) -> bool:
    """Whether the row can be asked for now."""
    return row.can_accept and not row.accepting and row.note is None


def detail_words(row: QueueRow) -> str:
    """The second line in words."""
    return " · ".join(filter(None, map(words, row.detail)))


def button_rect(rect: QRect) -> QRect:
    """Where the button of a row lies: on line 2, at the right."""
    wide = paint.advance(words(text("pane.queue.accept")), 12) + 36
    return QRect(rect.right() + 1 - 18 - wide, rect.top() + 29, wide, 24)
