"""Paints a waiting customer for people who watch and do not accept."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kefu_desk.presenters.queue import QueueRow
from kefu_desk.ui import paint
from kefu_desk.ui.avatar import Avatars
from kefu_desk.ui.i18n import words
from kefu_desk.ui.models.roles import ROW
from kefu_desk.ui.theme import Theme

HEIGHT = 36
_AVATAR = 22
_DETAIL = 40
_Index = QModelIndex | QPersistentModelIndex


class WaitingDelegate(QStyledItemDelegate):
    """The 36-px row: rank, avatar, name, detail, badge, timer. Names are shortened first, timers never."""

    def __init__(self, theme: Theme, avatars: Avatars, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._avatars = avatars

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """The fixed height."""
        return QSize(40, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paints one customer."""
        row: QueueRow = index.data(ROW)
        rect: QRect = option.rect
        theme, middle = self._theme, rect.center().y()
        painter.save()
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        painter.setPen(QPen(theme.color("hairline"), 1))
        painter.drawLine(rect.topLeft(), rect.topRight())
        if row.note is not None:
            painter.setOpacity(0.45)
        rank = QRect(rect.left() + 16, rect.top(), 24, HEIGHT)
        paint.line(painter, rank, str(index.row() + 1), theme.color("text-2"), 12)
        ratio = painter.device().devicePixelRatio()
        top = rect.top() + (HEIGHT - _AVATAR) // 2
        painter.drawPixmap(rect.left() + 40, top, self._avatars.pixmap(row.key, row.glyph, _AVATAR, ratio))
        right = self._timer(painter, rect, row)
        if row.badge is not None and row.note is None:
            right -= paint.badge(painter, theme, right, middle, words(row.badge), row.tone) + 8
        self._words(painter, QRect(rect.left() + 70, rect.top(), right - rect.left() - 70, HEIGHT), row)
        painter.setOpacity(1)
        if paint.keyboard_focus(option):
            paint.focus_ring(painter, theme, rect.adjusted(4, 1, -4, -1))
        painter.restore()

    def _timer(self, painter: QPainter, rect: QRect, row: QueueRow) -> int:
        urgent = paint.has_shape(row.tone)
        width = max(48, paint.advance(row.timer, 13, bold=urgent))
        where = QRect(rect.right() - 16 - width, rect.top(), width, HEIGHT)
        ink = self._theme.ink(row.tone) if urgent else self._theme.color("text")
        paint.line(painter, where, row.timer, ink, 13, bold=urgent, align=paint.RIGHT)
        return where.left() - 8

    def _words(self, painter: QPainter, rect: QRect, row: QueueRow) -> None:
        detail = words(row.note) if row.note is not None else " · ".join(filter(None, map(words, row.detail)))
        used = paint.line(painter, rect, words(row.name), self._theme.color("text"), 13)
        rest = QRect(rect.left() + used + 8, rect.top(), rect.width() - used - 8, HEIGHT)
        if rest.width() >= _DETAIL:
            paint.line(painter, rest, detail, self._theme.color("text-2"), 12)
