"""Paints a cell of the agents table."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kefu_desk.domain.text import text
from kefu_desk.presenters.team import AgentRow
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui import paint
from kefu_desk.ui.avatar import Avatars
from kefu_desk.ui.i18n import words
from kefu_desk.ui.models.agents import COLUMNS
from kefu_desk.ui.models.roles import ROW
from kefu_desk.ui.theme import Theme

HEIGHT = 32
_AVATAR = 22
_Index = QModelIndex | QPersistentModelIndex


class AgentDelegate(QStyledItemDelegate):
    """The 32-px row, cell by cell; who is not online stands in the quieter colour."""

    def __init__(self, theme: Theme, avatars: Avatars, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._avatars = avatars

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """The fixed height."""
        return QSize(40, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paints one cell and its share of the row's line and ring."""
        row: AgentRow = index.data(ROW)
        rect: QRect = option.rect
        theme = self._theme
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("hover"))
        painter.setPen(QPen(theme.color("grid"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        online = row.presence_tone is Tone.GOOD
        ink = theme.color("text" if online else "text-2")
        column = COLUMNS[index.column()]
        inner = rect.adjusted(0, 0, -8, -1)
        if column == "name":
            self._name(painter, inner, row, ink)
        elif column == "presence":
            self._presence(painter, inner, row, ink)
        elif column == "cases":
            quiet = row.cases in {"0", "–"}
            number = theme.color("text-2") if quiet else ink
            paint.line(painter, inner, row.cases, number, 13, align=paint.RIGHT)
        else:
            said = row.account if column == "account" else words(row.binding)
            paint.line(painter, inner.adjusted(16, 0, 0, 0), said, theme.color("text-2"), 13)
        painter.restore()

    def _name(self, painter: QPainter, rect: QRect, row: AgentRow, ink: QColor) -> None:
        ratio = painter.device().devicePixelRatio()
        top = rect.top() + (HEIGHT - _AVATAR) // 2
        picture = self._avatars.pixmap(row.key, row.glyph, _AVATAR, ratio)
        painter.drawPixmap(rect.left() + 16, top, picture)
        mine = words(text("team.mine")) if row.mine else ""
        tag = paint.badge_width(mine, Tone.GOOD) + 8 if mine else 0
        left = rect.left() + 16 + _AVATAR + 8
        where = QRect(left, rect.top(), rect.right() - left - tag, rect.height())
        used = paint.line(painter, where, row.name, ink, 13)
        if mine:
            paint.badge(painter, self._theme, left + used + tag, rect.center().y(), mine, Tone.GOOD)

    def _presence(self, painter: QPainter, rect: QRect, row: AgentRow, ink: QColor) -> None:
        quiet = row.presence_tone is Tone.MUTED
        color = self._theme.color("border") if quiet else self._theme.ink(row.presence_tone)
        paint.dot(painter, QPointF(rect.left() + 4, rect.center().y() + 0.5), 8, color)
        paint.line(painter, rect.adjusted(14, 0, 0, 0), words(row.presence), ink, 13)
