"""Paints the rows of a conversation; measuring is in `bubble_shape`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
)
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kefu_desk.presenters.timeline import RowKind, Side, TimelineRow
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui import paint
from kefu_desk.ui.delegates.bubble_shape import ICON, MARGIN, PAD, THUMB, Link, Piece, Shape, Shapes
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.models.roles import ROW
from kefu_desk.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_ROUND, _INNER = 8.0, 3.0
_AIR = 8
_OUTLINES = 500
_FILL = {Side.IN: "bubble-in", Side.OUT: "bubble-out", Side.PEER: "bubble-peer"}


@dataclass(frozen=True, slots=True)
class Marked:
    """The stretch of a bubble's text that the mouse has marked, in UTF-16 units."""

    key: str
    start: int
    end: int


class BubbleDelegate(QStyledItemDelegate):
    """Draws bubbles, cards, days and notes of a list that is `width` pixels wide.

    `hot` and `ringed` are the links under the mouse and under the keyboard, as (row key, action name).
    `keyed` tells that the keyboard is in use, so that the current row shows its ring.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._shapes = Shapes()
        self._sizes: list[QSize] = []
        self._outlines: dict[tuple[int, int, bool, bool, bool], QPainterPath] = {}
        self.width = 600
        self.hot: tuple[str, str] | None = None
        self.ringed: tuple[str, str] | None = None
        self.marked: Marked | None = None
        self.keyed = False

    def shape(self, row: TimelineRow) -> Shape:
        """The measure of a row."""
        return self._shapes.shape(row, self.width)

    def measure(self, rows: Sequence[TimelineRow]) -> None:
        """Knows the heights of all rows, with some air under the last, before the list asks for them."""
        self._sizes = self._shapes.sizes(rows, self.width)
        if self._sizes:
            self._sizes[-1] = QSize(0, self._sizes[-1].height() + _AIR)

    def forget(self) -> None:
        """Takes no measure for granted any more, because the language changed."""
        self._shapes.forget()

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height of a row at the width of its list."""
        place = index.row()
        return self._sizes[place] if place < len(self._sizes) else QSize(0, _AIR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one row."""
        rect = option.rect
        row = _row(index)
        shape = self.shape(row)
        painter.save()
        painter.translate(rect.topLeft())
        if row.kind in {RowKind.BUBBLE, RowKind.CARD}:
            self._paint_box(painter, row, shape)
        elif row.kind is RowKind.NEW:
            self._paint_rules(painter, shape)
        if shape.block is not None:
            paint.rounded(painter, shape.block, self._theme.color("amber-tint"), _ROUND)
        for piece in shape.pieces:
            self._paint_piece(painter, piece)
        for link in shape.links:
            if link.button:
                self._paint_button(painter, row, link)
            else:
                self._paint_link(painter, row, link)
        if self.keyed and option.state & QStyle.StateFlag.State_HasFocus and self.ringed is None:
            box = (
                shape.box if row.kind in {RowKind.BUBBLE, RowKind.CARD} else shape.box.adjusted(-8, -2, 8, 2)
            )
            paint.focus_ring(painter, self._theme, box)
        painter.restore()

    def _paint_box(self, painter: QPainter, row: TimelineRow, shape: Shape) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(shape.box.topLeft())
        painter.fillPath(self._outline(row, shape), self._theme.color(_FILL[row.side]))
        painter.translate(-shape.box.topLeft())
        if shape.body is not None:
            painter.setClipRect(shape.box)  # stacked accents must not run into the neighbours
            painter.setPen(self._theme.color("text-2" if shape.faint else "text"))
            shape.body.layout.draw(painter, QPointF(shape.body_at), self._selection(row.key))
        painter.restore()
        if shape.title is not None:
            self._paint_card(painter, shape, shape.title)

    def _outline(self, row: TimelineRow, shape: Shape) -> QPainterPath:
        """The outline of a bubble at the origin; bubbles of one size share it."""
        key = (shape.box.width(), shape.box.height(), row.side is Side.IN, row.first, row.last)
        found = self._outlines.get(key)
        if found is None:
            if len(self._outlines) > _OUTLINES:
                self._outlines.clear()
            found = self._outlines[key] = _outline(row, QRectF(0, 0, key[0], key[1]))
        return found

    def _paint_card(self, painter: QPainter, shape: Shape, title: Piece) -> None:
        thumb = QRect(shape.box.x() + PAD, shape.box.y() + 7, THUMB, THUMB)
        paint.rounded(painter, thumb, self._theme.color("bg"), 6)
        if title.icon:
            at = QPointF(thumb.x() + (THUMB - 20) / 2, thumb.y() + THUMB / 2)
            paint.icon(painter, self._icons, title.icon, at, 20, self._theme.color("border"))
        paint.line(painter, title.rect, title.words, self._theme.ink(title.tone), 14)

    def _selection(self, key: str) -> list[QTextLayout.FormatRange]:
        if self.marked is None or self.marked.key != key:
            return []
        found = QTextLayout.FormatRange()
        found.start = self.marked.start
        found.length = self.marked.end - self.marked.start
        tint = QColor(self._theme.color("link"))
        tint.setAlphaF(0.25)
        style = QTextCharFormat()
        style.setBackground(QBrush(tint))
        found.format = style
        return [found]

    def _paint_rules(self, painter: QPainter, shape: Shape) -> None:
        color = QColor(self._theme.color("accent"))
        color.setAlphaF(0.45)
        middle = shape.height // 2
        painter.fillRect(QRect(MARGIN, middle, shape.box.left() - 12 - MARGIN, 1), color)
        left = shape.box.right() + 1 + 12
        painter.fillRect(QRect(left, middle, self.width - MARGIN - left, 1), color)

    def _paint_piece(self, painter: QPainter, piece: Piece) -> None:
        rect, ink = piece.rect, self._theme.ink(piece.tone)
        if piece.icon:
            at = QPointF(rect.x(), rect.y() + rect.height() / 2)
            paint.icon(painter, self._icons, piece.icon, at, ICON, ink)
            rect = rect.adjusted(ICON + 4, 0, 0, 0)
        paint.line(painter, rect.adjusted(0, 0, 2, 0), piece.words, ink, 12)

    def _paint_button(self, painter: QPainter, row: TimelineRow, link: Link) -> None:
        here = (row.key, link.name)
        plane = self._theme.color("hover" if here == self.hot else "bg")
        paint.rounded(painter, link.rect, plane, _ROUND)
        paint.line(painter, link.rect, link.words, self._theme.color("text"), 12, align=paint.CENTER)
        if here == self.ringed:
            paint.focus_ring(painter, self._theme, link.rect)

    def _paint_link(self, painter: QPainter, row: TimelineRow, link: Link) -> None:
        ink = self._theme.ink(Tone.LINK)
        here = (row.key, link.name)
        words = link.rect.adjusted(4, 0, -2, 0)
        wide = paint.line(painter, words, link.words, ink, 13 if link.icon else 12)
        if link.icon:
            at = QPointF(link.rect.right() + 1 - 4 - ICON, link.rect.y() + link.rect.height() / 2)
            paint.icon(painter, self._icons, link.icon, at, ICON, ink)
        if here == self.hot:
            y = link.rect.y() + (link.rect.height() + 16) // 2
            painter.fillRect(QRect(words.x(), y, wide - 1, 1), ink)
        if here == self.ringed:
            paint.focus_ring(painter, self._theme, link.rect, 4)


def _row(index: Index) -> TimelineRow:
    return cast("TimelineRow", index.data(ROW))


def _outline(row: TimelineRow, box: QRectF) -> QPainterPath:
    """A rectangle with round corners; those towards a neighbour of the same group are nearly square."""
    upper = _ROUND if row.first else _INNER
    lower = _ROUND if row.last else _INNER
    left = row.side is Side.IN
    corners = (upper, _ROUND, _ROUND, lower) if left else (_ROUND, upper, lower, _ROUND)
    path = QPainterPath()
    path.moveTo(box.left() + corners[0], box.top())
    path.lineTo(box.right() - corners[1], box.top())
    path.arcTo(_corner(box.right() - 2 * corners[1], box.top(), corners[1]), 90, -90)
    path.lineTo(box.right(), box.bottom() - corners[2])
    path.arcTo(_corner(box.right() - 2 * corners[2], box.bottom() - 2 * corners[2], corners[2]), 0, -90)
    path.lineTo(box.left() + corners[3], box.bottom())
    path.arcTo(_corner(box.left(), box.bottom() - 2 * corners[3], corners[3]), -90, -90)
    path.lineTo(box.left(), box.top() + corners[0])
    path.arcTo(_corner(box.left(), box.top(), corners[0]), 180, -90)
    return path


def _corner(x: float, y: float, radius: float) -> QRectF:
    return QRectF(x, y, 2 * radius, 2 * radius)
