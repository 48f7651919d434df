"""A list whose reader does not lose the place: it stays at the end, or the rows under the eye stay put."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPropertyAnimation, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QWidget

from kefu_desk.ui.viewport import own_viewport

NEAR_END = 120
_SMOOTH_MS = 120


@dataclass(frozen=True, slots=True)
class _Place:
    """Rows that were visible and where their upper edges were."""

    rows: tuple[tuple[QPersistentModelIndex, int], ...]


class AnchoredList(QListView):
    """Rows of different heights, few rows at the bottom, scrolled by the pixel.

    Within 120 pixels of the end the list follows its end; elsewhere the first visible row keeps its place,
    whatever is added, removed or resized.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own_viewport(self)
        self._lift = 0
        self._wide = -1
        self._pressed = False
        self._slide = QPropertyAnimation(self.verticalScrollBar(), b"value", self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalScrollBar().setSingleStep(22)

    def is_at_end(self) -> bool:
        """Whether the reader is at the end, or within 120 pixels of it."""
        bar = self.verticalScrollBar()
        return bar.maximum() - bar.value() <= NEAR_END

    def jump_to_end(self, *, smooth: bool = False) -> None:
        """Scrolls to the newest row; smoothly only as long as 120 ms and one page."""
        bar = self.verticalScrollBar()
        self._slide.stop()
        still = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) == 0
        if not smooth or still:
            bar.setValue(bar.maximum())
            return
        self._slide.setDuration(_SMOOTH_MS)
        self._slide.setStartValue(max(bar.value(), bar.maximum() - bar.pageStep()))
        self._slide.setEndValue(bar.maximum())
        self._slide.start()

    @contextmanager
    def place_kept(self, *, to_end: bool = False) -> Iterator[bool]:
        """Lays the rows out after the block and restores the place; gives whether the end is followed."""
        follows = to_end or self.is_at_end()
        place = None if follows else self._place()
        yield follows
        self.relay()
        if place is None:
            self._slide.stop()
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        else:
            self._restore(place)

    def relay(self) -> None:
        """Lays all rows out now."""
        self.doItemsLayout()
        self._settle()

    def verticalOffset(self) -> int:
        """The scroll position; few rows lie at the bottom of the list, not at its top."""
        return super().verticalOffset() - self._lift

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Follows the keyboard only: a row that is clicked does not move under the pointer."""
        if not self._pressed:
            super().scrollTo(index, hint)

    def keyboardSearch(self, _search: str) -> None:
        """Letters typed here search nothing."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the end, or the first visible row, where it was."""
        follows = self.is_at_end()
        place = None if follows else self._place()
        if self.width() != self._wide:
            self._wide = self.width()
            self.width_changed()
            super().resizeEvent(event)
            self.doItemsLayout()
        else:
            super().resizeEvent(event)
        self._settle()
        if place is None:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        else:
            self._restore(place)

    def width_changed(self) -> None:
        """Called before rows are laid out at a new width."""

    def _settle(self) -> None:
        bar = self.verticalScrollBar()
        high = self.contentsSize().height() if self.model().rowCount() else 0
        lift = max(0, self.viewport().height() - high)
        bar.setEnabled(bar.maximum() > 0)
        if lift != self._lift:
            self._lift = lift
            self.viewport().update()

    def _place(self) -> _Place:
        found: list[tuple[QPersistentModelIndex, int]] = []
        index = self.indexAt(QPoint(1, 0))
        while index.isValid() and len(found) < 40:
            top = self.visualRect(index).top()
            if top > self.viewport().height():
                break
            found.append((QPersistentModelIndex(index), top))
            index = index.siblingAtRow(index.row() + 1)
        return _Place(tuple(found))

    def _restore(self, place: _Place) -> None:
        bar = self.verticalScrollBar()
        for index, top in place.rows:
            if index.isValid():
                bar.setValue(bar.value() + self.visualRect(index).top() - top)
                return
