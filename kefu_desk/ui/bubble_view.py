"""Bubbles under the mouse: links to click, words to mark, the full time as a tooltip."""

from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, QRect, Qt, QTextBoundaryFinder, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from kefu_desk.presenters.timeline import TimelineRow
from kefu_desk.ui.anchored_list import AnchoredList
from kefu_desk.ui.delegates.bubble import BubbleDelegate, Marked
from kefu_desk.ui.delegates.bubble_shape import Shape
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.models.keyed_list import KeyedListModel
from kefu_desk.ui.models.roles import ROW
from kefu_desk.ui.paint import plain_tooltip
from kefu_desk.ui.theme import Theme


class BubbleView(AnchoredList):
    """Shows rows of a conversation; emits (row key, action name) when a link is used."""

    actionRequested = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = KeyedListModel[TimelineRow](self)
        self._bubbles = BubbleDelegate(theme, icons, self)
        self._down: tuple[str, str] | None = None
        self._anchor: tuple[str, int] | None = None
        self.setModel(self._model)
        self.setItemDelegate(self._bubbles)
        self.setMouseTracking(True)

    @property
    def rows(self) -> KeyedListModel[TimelineRow]:
        """The rows on screen."""
        return self._model

    def marked_words(self) -> str:
        """The words marked by the mouse, or nothing."""
        marked = self._bubbles.marked
        place = self._model.row_of(marked.key) if marked is not None else -1
        if marked is None or place < 0:
            return ""
        body = self._bubbles.shape(self._model.at(place)).body
        return body.part(marked.start, marked.end) if body is not None else ""

    def place_of(self, key: str, action: str) -> QRect:
        """Where a link is in the viewport; empty when the row or the link is not there."""
        place = self._model.row_of(key)
        if place < 0:
            return QRect()
        links = self._bubbles.shape(self._model.at(place)).links
        top = self.visualRect(self._model.index(place)).top()
        return next((link.rect.translated(0, top) for link in links if link.name == action), QRect())

    def width_changed(self) -> None:
        """Measures the rows at the new width."""
        self._bubbles.width = self.width()
        self._bubbles.measure(self._model.rows)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of a link, or begins to mark words."""
        self._pressed = True
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._mark(None)
        self._bubbles.ringed = None
        self._bubbles.keyed = False
        row, shape, at = self._under(event.position().toPoint())
        if row is None or shape is None:
            return
        link = shape.link_at(at)
        self._down = (row.key, link.name) if link is not None else None
        if link is None and shape.body is not None and shape.box.contains(at):
            self._anchor = (row.key, shape.body.position(QPointF(at - shape.body_at)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Marks words while the button is down; shows what can be clicked while it is up."""
        row, shape, at = self._under(event.position().toPoint())
        if self._anchor is not None:
            self._extend(event.position().toPoint())
            return
        link = shape.link_at(at) if shape is not None else None
        self._hover((row.key, link.name) if row is not None and link is not None else None)
        over_words = shape is not None and shape.body is not None and shape.box.contains(at)
        shape_of = Qt.CursorShape
        self.viewport().setCursor(
            shape_of.PointingHandCursor
            if link
            else shape_of.IBeamCursor
            if over_words
            else shape_of.ArrowCursor
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Uses the link when it is released where it was pressed."""
        super().mouseReleaseEvent(event)
        self._pressed = False
        self._anchor = None
        down, self._down = self._down, None
        row, shape, at = self._under(event.position().toPoint())
        link = shape.link_at(at) if shape is not None else None
        if down is not None and row is not None and link is not None and down == (row.key, link.name):
            self.actionRequested.emit(*down)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Marks the word under the pointer."""
        row, shape, at = self._under(event.position().toPoint())
        link = shape.link_at(at) if shape is not None else None
        if link is not None:
            self.mousePressEvent(event)  # two quick clicks on a link are two clicks
        elif row is not None and shape is not None and shape.body is not None and shape.box.contains(at):
            start, end = _word(shape.body.layout.text(), shape.body.position(QPointF(at - shape.body_at)))
            self._mark(Marked(row.key, start, end))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse any more."""
        self._hover(None)
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tells the full time of a message."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row, shape, at = self._under(event.pos())
            over = row is not None and shape is not None and shape.box.contains(at)
            QToolTip.showText(event.globalPos(), plain_tooltip(row.stamp) if over and row else "", self)
            return True
        return super().viewportEvent(event)

    def _under(self, point: QPoint) -> tuple[TimelineRow | None, Shape | None, QPoint]:
        """The row at a point of the viewport, its measure, and the point within the row."""
        index: QModelIndex = self.indexAt(point)
        if not index.isValid():
            return None, None, point
        row = cast("TimelineRow", index.data(ROW))
        return row, self._bubbles.shape(row), point - self.visualRect(index).topLeft()

    def _extend(self, point: QPoint) -> None:
        if self._anchor is None:
            return
        key, start = self._anchor
        place = self._model.row_of(key)
        shape = self._bubbles.shape(self._model.at(place)) if place >= 0 else None
        if shape is None or shape.body is None:
            return
        at = point - self.visualRect(self._model.index(place)).topLeft() - shape.body_at
        end = shape.body.position(QPointF(at))
        self._mark(Marked(key, min(start, end), max(start, end)) if start != end else None)

    def _mark(self, marked: Marked | None) -> None:
        if marked != self._bubbles.marked:
            self._bubbles.marked = marked
            self.viewport().update()

    def _hover(self, link: tuple[str, str] | None) -> None:
        if link != self._bubbles.hot:
            self._bubbles.hot = link
            self.viewport().update()


def _word(words: str, position: int) -> tuple[int, int]:
    """The word around a place, in UTF-16 units."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, words)
    finder.setPosition(position)
    start = position if finder.isAtBoundary() else finder.toPreviousBoundary()
    finder.setPosition(position)
    end = finder.toNextBoundary()
    return max(0, start), end if end > 0 else position
