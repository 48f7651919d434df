"""The list view of the left column: fixed rows, a scroll bar over the content, honest keyboard focus."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QScrollBar, QStyle, QStyleOptionViewItem, QWidget

from kefu_desk.ui.focus import by_keyboard
from kefu_desk.ui.models.roles import ROW
from kefu_desk.ui.viewport import own_viewport

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OverlayBar(QScrollBar):
    """A scroll bar that lies over the content of a view, so that rows keep their width."""

    def __init__(self, view: QListView) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._view = view
        self._real = view.verticalScrollBar()
        self._real.rangeChanged.connect(self._follow)
        self._real.valueChanged.connect(self.setValue)
        self.valueChanged.connect(self._real.setValue)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def place(self) -> None:
        """Lies along the right edge of the view."""
        self.setGeometry(self._view.width() - 8, 2, 8, self._view.height() - 4)
        self._follow()

    def _follow(self) -> None:
        self.setRange(self._real.minimum(), self._real.maximum())
        self.setPageStep(self._real.pageStep())
        self.setSingleStep(self._real.singleStep())
        self.setValue(self._real.value())
        self.setVisible(self._real.maximum() > self._real.minimum())


class RowList(QListView):
    """A list of keyed rows. Enter and clicks name rows by key; a ring shows for keyboard focus only."""

    enterPressed = Signal(str)
    rowClicked = Signal(str)
    rowDoubleClicked = Signal(str)
    rested = Signal()

    def __init__(self, parent: QWidget | None = None, *, follows_focus: bool = True) -> None:
        super().__init__(parent)
        self._follows_focus = follows_focus
        self._ringed = False
        self._pressed = ""
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(20)
        own_viewport(self).setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._bar = OverlayBar(self)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_double_clicked)

    @property
    def ringed(self) -> bool:
        """Whether the keyboard is at a row of this list."""
        return self._ringed and self.hasFocus()

    @property
    def busy(self) -> bool:
        """Whether a person points at the list or walks it by keyboard, so that rows should hold still."""
        return self.viewport().underMouse() or self.ringed

    def key_at(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The key of the row at an index, or nothing."""
        return str(index.data(ROW).key) if index.isValid() else ""

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Leaves the selection to the pane unless it follows the focus."""
        if self._follows_focus:
            return super().selectionCommand(index, event)
        return QItemSelectionModel.SelectionFlag.NoUpdate

    def initViewItemOption(self, option: QStyleOptionViewItem) -> None:
        """Tells the delegate whether the focus is the keyboard's."""
        super().initViewItemOption(option)
        flag = QStyle.StateFlag.State_KeyboardFocusChange
        option.state = option.state | flag if self._ringed else option.state & ~flag

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the scroll bar at its edge."""
        super().resizeEvent(event)
        self._bar.place()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remembers how the focus came."""
        self._ringed = by_keyboard(event.reason(), before=self._ringed)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lets waiting changes through."""
        super().focusOutEvent(event)
        self.rested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter names the current row; other keys move as in any list."""
        if not self._ringed:
            self._ringed = True
            self.viewport().update()
        if event.key() in _ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            key = self.key_at(self.currentIndex())
            if key and not event.isAutoRepeat():
                self.enterPressed.emit(key)
            event.accept()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Letters do nothing: rows are read as sentences, which nobody types."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remembers the row under the first press of a double click."""
        self._ringed = False
        self._pressed = self.key_at(self.indexAt(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second press counts only on the row of the first: rows may move in between."""
        if self.key_at(self.indexAt(event.position().toPoint())) == self._pressed:
            super().mouseDoubleClickEvent(event)
        else:
            event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Lets waiting changes through when the pointer leaves."""
        done = super().viewportEvent(event)
        if event.type() == QEvent.Type.Leave:
            self.rested.emit()
        return done

    def _on_clicked(self, index: QModelIndex) -> None:
        self.rowClicked.emit(self.key_at(index))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.rowDoubleClicked.emit(self.key_at(index))
