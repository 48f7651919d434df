"""The left column: queue over sessions, or one of the two behind tabs where the window is narrow."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from kefu_desk.domain.text import text
from kefu_desk.ui.i18n import words

WIDTHS = (260, 320, 480)
NARROW = 296
HEADER = 40
QUEUE_SHARE, SESSIONS_SHARE = 300, 410


class LeftColumn(QWidget):
    """Holds the two lists; their order and content are theirs."""

    tabChosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("left")
        self.setMinimumWidth(WIDTHS[0])
        self.setMaximumWidth(WIDTHS[2])
        self._panes: tuple[QWidget, ...] = ()
        self._headers: tuple[QWidget, ...] = ()
        self._counts = ("", "")
        self._tabbed = False
        self._current = 1
        self._tabs = QWidget(self)
        self._tabs.setObjectName("leftTabs")
        self._tabs.setFixedHeight(HEADER)
        self._tabs.hide()
        self._group = QButtonGroup(self)
        self._buttons = (QPushButton(self._tabs), QPushButton(self._tabs))
        self.lists = QSplitter(Qt.Orientation.Vertical, self)
        self.lists.setHandleWidth(1)
        self.lists.setChildrenCollapsible(False)
        self._lay_out()
        self._group.idClicked.connect(self.show_tab)
        self._retranslate()

    def adopt(self, panes: tuple[QWidget, QWidget], headers: tuple[QWidget, QWidget]) -> None:
        """Takes queue and sessions, which were made inside `lists`, and their headers, which tabs replace."""
        self._panes, self._headers = panes, headers
        self.lists.setSizes([QUEUE_SHARE, SESSIONS_SHARE])

    def set_tabbed(self, *, tabbed: bool) -> None:
        """Chooses between both lists and tabs."""
        if tabbed == self._tabbed:
            return
        self._tabbed = tabbed
        self._tabs.setVisible(tabbed)
        for header in self._headers:
            header.setVisible(not tabbed)
        self._arrange()

    def show_tab(self, number: int) -> None:
        """Brings the queue (0) or the sessions (1) to the front; nothing changes where both are shown."""
        self._current = number
        self._arrange()
        self.tabChosen.emit(number)

    def set_counts(self, waiting: str, mine: str) -> None:
        """The numbers on the tabs."""
        if (waiting, mine) != self._counts:
            self._counts = (waiting, mine)
            self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Retranslates the tabs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._tabs)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        for number, button in enumerate(self._buttons):
            button.setCheckable(True)
            button.setAutoExclusive(True)  # or a screen reader hears a check box
            button.setProperty("kind", "tab")
            self._group.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tabs)
        column.addWidget(self.lists, 1)

    def _arrange(self) -> None:
        for number, pane in enumerate(self._panes):
            pane.setVisible(not self._tabbed or number == self._current)
        self._buttons[self._current].setChecked(True)

    def _retranslate(self) -> None:
        for button, key, count in zip(
            self._buttons, ("tab.queue", "tab.sessions"), self._counts, strict=True
        ):
            button.setText(words(text(key, number=count)).strip())
