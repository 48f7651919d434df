"""The messages of one conversation, with the keyboard, copying, and the way back to the newest."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.presenters.timeline import RowKind, Side, TimelineRow
from kefu_desk.ui.bubble_view import BubbleView
from kefu_desk.ui.delegates.bubble_shape import MARGIN
from kefu_desk.ui.focus import by_keyboard
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.jump_pill import JumpPill
from kefu_desk.ui.paint import block, rounded
from kefu_desk.ui.theme import Theme

_PRESS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_SKELETON = ((False, 220, 37), (True, 260, 59), (False, 160, 37))


class MessageList(BubbleView):
    """Tab goes from the current row to its links and on; Ctrl+C copies the marked words or the row's text."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self._theme = theme
        self._unseen = 0
        self._loading = False
        self._empty = NOTHING
        self._pill = JumpPill(theme, icons, self)
        self._pill.clicked.connect(self._jump)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._retranslate()

    @property
    def unseen(self) -> int:
        """How many customer messages came since the reader left the end."""
        return self._unseen

    def show_rows(
        self, rows: tuple[TimelineRow, ...], *, anew: bool, loading: bool = False, empty: Text | None = None
    ) -> None:
        """Becomes `rows`; `anew` opens another conversation, at its newest message."""
        if (loading, empty or NOTHING) != (self._loading, self._empty):
            self._loading, self._empty = loading, empty or NOTHING
            self._retranslate()
            self.viewport().update()
        if anew:
            self._open(rows)
        elif rows != self._model.rows:
            self._follow(rows)
        self._scrolled()

    def copy(self) -> None:
        """Puts the marked words, or else the text of the current row, on the clipboard."""
        words_ = self.marked_words() or _text_of(self._current())
        if words_:
            QGuiApplication.clipboard().setText(words_)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints rows; without rows three grey bubbles while loading, or the words for an empty list."""
        if self._model.rowCount():
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        if self._loading:
            self._paint_skeleton(painter)
        elif self._empty != NOTHING:
            area = QRect(MARGIN, 0, self.width() - 2 * MARGIN, self.viewport().height())
            block(painter, area, words(self._empty), self._theme.color("text-2"), 14)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the way back in its corner."""
        super().resizeEvent(event)
        self._pill.place()
        self._scrolled()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies, uses the link that has the focus, and else moves among rows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in _PRESS:
            if self._bubbles.ringed is not None:
                self.actionRequested.emit(*self._bubbles.ringed)
            else:
                event.ignore()
        else:
            before = self.currentIndex()
            self._bubbles.keyed = True
            super().keyPressEvent(event)
            if self.currentIndex() != before:
                self._ring(None)
            if event.key() == Qt.Key.Key_End:
                self.jump_to_end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begins at the newest row, so that the arrow keys have a place to go from."""
        self._bubbles.keyed = by_keyboard(event.reason(), before=self._bubbles.keyed)
        last = self._model.rowCount() - 1
        if not self.currentIndex().isValid() and last >= 0:
            self.setCurrentIndex(self._model.index(last))  # or Qt takes the first row
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No link has the focus when the list has not."""
        self._ring(None)
        super().focusOutEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Goes through the links of the current row before the focus leaves the list."""
        row = self._current()
        links = self._bubbles.shape(row).links if row is not None else ()
        names = [link.name for link in links]
        ringed = self._bubbles.ringed
        at = names.index(ringed[1]) if ringed is not None and ringed[1] in names else -1
        to = at + (1 if forward else -1)
        if row is None or to < -1 or to >= len(names) or (at, to) == (-1, -1):
            self._ring(None)
            return super().focusNextPrevChild(forward)
        self._ring((row.key, names[to]) if to >= 0 else None)
        return True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offers to copy, and what the row's links offer."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        menu = self._menu(index)
        corner = self.viewport().mapToGlobal(self.visualRect(index).topLeft() + QPoint(MARGIN, MARGIN))
        menu.popup(corner if by_key else event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        """Says everything in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._bubbles.forget()
            with self.place_kept():
                self._bubbles.measure(self._model.rows)
                self._model.speak_again()
            self._retranslate()

    def _open(self, rows: tuple[TimelineRow, ...]) -> None:
        self._unseen = 0
        self._mark(None)
        self._ring(None)
        with self.place_kept(to_end=True):
            self._model.apply(())
            self._model.apply(rows)
            self._bubbles.measure(self._model.rows)

    def _follow(self, rows: tuple[TimelineRow, ...]) -> None:
        fresh = _came_after(self._model.rows, rows)
        with self.place_kept() as follows:
            self._model.apply(rows)
            self._bubbles.measure(self._model.rows)
        self._unseen = 0 if follows else self._unseen + fresh
        ringed = self._bubbles.ringed
        if ringed is not None and self.place_of(*ringed).isEmpty():
            self._ring(None)

    def _menu(self, index: QModelIndex) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(words(text("chat.copy")), self.copy).setShortcutVisibleInContextMenu(True)
        row = self._model.at(index.row())
        for action in row.actions:
            wish = menu.addAction(words(action.words).replace("&", "&&"))
            wish.triggered.connect(lambda _on, name=action.name: self.actionRequested.emit(row.key, name))
        return menu

    def _current(self) -> TimelineRow | None:
        index = self.currentIndex()
        return self._model.at(index.row()) if index.isValid() else None

    def _ring(self, link: tuple[str, str] | None) -> None:
        if link != self._bubbles.ringed:
            self._bubbles.ringed = link
            self.viewport().update()

    def _jump(self) -> None:
        self.jump_to_end(smooth=True)

    def _scrolled(self) -> None:
        away = not self.is_at_end() and self._model.rowCount() > 0
        if not away:
            self._unseen = 0
        self._pill.count(self._unseen)
        if away != self._pill.isVisibleTo(self):
            self._pill.setVisible(away)

    def _paint_skeleton(self, painter: QPainter) -> None:
        bottom = self.viewport().height() - MARGIN
        for mine, wide, high in reversed(_SKELETON):
            left = self.width() - MARGIN - wide if mine else MARGIN
            rounded(painter, QRect(left, bottom - high, wide, high), self._theme.color("control"), 8)
            bottom -= high + 25

    def _retranslate(self) -> None:
        self.setAccessibleName(words(text("chat.list")))
        state = text("chat.loading") if self._loading else self._empty
        self.setAccessibleDescription(words(state))


def _text_of(row: TimelineRow | None) -> str:
    if row is None:
        return ""
    return row.body if row.kind is RowKind.BUBBLE else words(row.words)


def _came_after(before: tuple[TimelineRow, ...], after: tuple[TimelineRow, ...]) -> int:
    """How many customer messages stand after the last row that was there before."""
    known = {row.key for row in before}
    fresh = 0
    for row in reversed(after):
        if row.key in known:
            break
        fresh += row.side is Side.IN and row.kind in {RowKind.BUBBLE, RowKind.CARD}
    return fresh
