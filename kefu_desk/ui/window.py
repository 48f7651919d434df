"""The main window: menus, pages and places; it decides nothing."""

from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from kefu_desk.domain.text import text
from kefu_desk.ui.actions import Actions
from kefu_desk.ui.i18n import words
from kefu_desk.ui.skeleton import Skeleton
from kefu_desk.ui.theme import Theme

if TYPE_CHECKING:
    from kefu_desk.ui.icons import Icons
    from kefu_desk.ui.panes.chat import ChatPane
    from kefu_desk.ui.panes.composer import Composer
    from kefu_desk.ui.panes.team import TeamPage
    from kefu_desk.ui.panes.welcome import WelcomePage

MINIMUM = (960, 600)
DEFAULT = (1280, 800)
TABS_BELOW = 1020
LEFT_WIDTH = 320
CHAT_MINIMUM = 420


class DeskWindow(QMainWindow):
    """One window for every page; closing it only asks (`closeRequested`)."""

    closeRequested = Signal()
    pageChanged = Signal()
    chatMade = Signal()
    activated = Signal()
    shownChanged = Signal(bool)
    secretRequested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("kefu-desk")
        self.setMinimumSize(*MINIMUM)
        self.resize(*DEFAULT)
        self._theme = theme
        self._title = ""
        self._simulated = False
        self._furnished = False
        self._chat: ChatPane | None = None
        self._team: TeamPage | None = None
        self._welcome: WelcomePage | None = None
        self.actions_ = Actions(self)
        self.setCentralWidget(Skeleton())
        self._retitle()

    def furnish(self, icons: "Icons") -> None:
        """Puts the panes in, once; until then a skeleton is shown, so that the first paint comes at once."""
        if self._furnished:
            return
        from kefu_desk.ui.frame import SimulatorFrame
        from kefu_desk.ui.left_column import LeftColumn
        from kefu_desk.ui.panes.queue import QueuePane
        from kefu_desk.ui.panes.sessions import SessionsPane
        from kefu_desk.ui.panes.status import StatusPane
        from kefu_desk.ui.panes.strip import StripPane
        from kefu_desk.ui.toasts import Toasts

        theme = self._theme
        self._icons = icons
        self.actions_.fill(self.menuBar())
        # from the outside in: a widget that changes its parent is styled again with everything inside it
        self._outer = QStackedWidget()
        self.setCentralWidget(self._outer)
        self._inner = QWidget(self._outer)
        self._outer.addWidget(self._inner)
        self._pages = QStackedWidget(self._inner)
        self._splitter = QSplitter(QtCore.Qt.Orientation.Horizontal, self._pages)
        self._pages.addWidget(self._splitter)
        self.left = LeftColumn(self._splitter)
        self.strip = StripPane(theme, icons, self._inner)
        self.queue = QueuePane(theme, icons, self.left.lists)
        self.sessions = SessionsPane(theme, icons, self.left.lists)
        self._space = QWidget(self._splitter)
        self._space.setObjectName("chatSpace")
        self.left.adopt((self.queue, self.sessions), (self.queue.header, self.sessions.header))
        self.status = StatusPane(theme, icons, self._inner)
        self._lay_out()
        self.toasts = Toasts(theme, icons, self)  # a stack would show screen readers its page alone
        self.frame_ = SimulatorFrame(theme, self)
        self.frame_.setGeometry(self.rect())
        self._furnished = True
        self.left.set_tabbed(tabbed=self.width() < TABS_BELOW)
        self.frame_.raise_()

    @property
    def chat(self) -> "ChatPane":
        """The conversation with its reply box, made when it is first wanted: the lists are painted before."""
        if self._chat is None:
            from kefu_desk.ui.panes.chat import ChatPane
            from kefu_desk.ui.panes.composer import Composer

            self._chat = ChatPane(self._theme, self._icons, self._inner)
            self._composer = Composer(self._theme, self._icons, self._chat)
            self._chat.set_composer(self._composer)
            self._chat.setMinimumWidth(CHAT_MINIMUM)
            self._splitter.replaceWidget(1, self._chat)  # it takes the room as it is
            self._space.deleteLater()
            self._splitter.setStretchFactor(1, 1)
            self._chat.show()
            self.toasts.stand_on(self._composer)
            self.chatMade.emit()
        return self._chat

    @property
    def composer(self) -> "Composer":
        """The reply box."""
        _ = self.chat
        return self._composer

    @property
    def has_chat(self) -> bool:
        """Whether the conversation has been wanted yet."""
        return self._chat is not None

    @property
    def team(self) -> "TeamPage":
        """The supervisor page, made when it is first wanted."""
        if self._team is None:
            from kefu_desk.ui.panes.team import TeamPage

            self._team = TeamPage(self._theme, self._icons)
            self._team.backRequested.connect(self.toggle_team)
            self._pages.addWidget(self._team)
        return self._team

    @property
    def welcome(self) -> "WelcomePage":
        """The first page, made when it is first wanted."""
        if self._welcome is None:
            from kefu_desk.ui.panes.welcome import WelcomePage

            self._welcome = WelcomePage(self._theme, self._icons)
            self._outer.addWidget(self._welcome)
        return self._welcome

    @property
    def team_shown(self) -> bool:
        """Whether the supervisor page is in front."""
        return self._team is not None and self._pages.currentWidget() is self._team

    def show_welcome(self) -> None:
        """Shows the first page, for a start without a profile."""
        self._outer.setCurrentWidget(self.welcome)

    def show_desk(self) -> None:
        """Shows queue, sessions and chat."""
        self._outer.setCurrentWidget(self._inner)
        self._pages.setCurrentWidget(self._splitter)
        self.pageChanged.emit()

    def toggle_team(self) -> None:
        """Goes to the supervisor page and back."""
        self._pages.setCurrentWidget(self._splitter if self.team_shown else self.team)
        self.pageChanged.emit()

    def show_identity(self, title: str, *, simulated: bool) -> None:
        """Names the account, and marks the simulator so that it can never be taken for the real one."""
        self._title, self._simulated = title, simulated
        self.frame_.setVisible(simulated)
        self._retitle()

    def changeEvent(self, event: QEvent) -> None:
        """Retranslates titles; tells when the window becomes active, or is minimised."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.actions_.retranslate()
            self._retitle()
        elif event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()
        elif event.type() == QEvent.Type.WindowStateChange:
            self.shownChanged.emit(not self.isMinimized())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks to be closed; the program ends when its services have ended."""
        event.ignore()
        self.closeRequested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Goes over to tabs where both lists would be too narrow."""
        super().resizeEvent(event)
        if self._furnished:
            self.left.set_tabbed(tabbed=self.width() < TABS_BELOW)
            self.frame_.setGeometry(self.rect())

    def focus_pane(self, by: int) -> None:
        """Moves the keyboard to the next pane that is there: strip, queue, sessions, messages, composer."""
        lists: list[QWidget] = [self.queue, self.sessions]
        rest = (self.team,) if self.team_shown else (self.chat, self.composer)
        places: list[QWidget] = [self.strip, *(() if self.team_shown else lists)]
        places += [p for p in rest if (proxy := p.focusProxy()) is not None and proxy.isVisible()]
        focus = self.focusWidget()
        inside = [i for i, pane in enumerate(places) if pane.isAncestorOf(focus)]
        # the composer lies inside the chat, so the last match is the innermost
        place = places[(inside[-1] + by if inside else 0) % len(places)]
        if place in lists:
            self.left.show_tab(lists.index(place))
        place.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)

    def _lay_out(self) -> None:
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([LEFT_WIDTH, DEFAULT[0] - LEFT_WIDTH])
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self._pages, 1)
        column.addWidget(self.status)

    def _retitle(self) -> None:
        if not self._title:
            self.setWindowTitle(words(text("app.name")))
            return
        key = "window.title.simulator" if self._simulated else "window.title"
        self.setWindowTitle(words(text(key, account=self._title)))
