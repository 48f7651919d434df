"""The middle of the window: header, banners, messages, and below them the reply box."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kefu_desk.presenters.timeline import ChatView
from kefu_desk.ui.banners import Banners
from kefu_desk.ui.chat_header import ChatHeaderBar
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.key_table import KeyTable
from kefu_desk.ui.message_list import MessageList
from kefu_desk.ui.theme import Theme

_COMPOSER_SHARE = 0.4


class ChatPane(QWidget):
    """Shows a conversation, or the keys worth knowing when none is chosen.

    Emits the customer to close, (row key, action) of a message link and (banner key, action) of a banner.
    """

    closeRequested = Signal(str)
    actionRequested = Signal(str, str)
    bannerActionRequested = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conversation = ""
        self.setObjectName("chat")
        self._composer: QWidget | None = None
        self._header = ChatHeaderBar(theme, icons, self)
        self._banners = Banners(theme, icons, self)
        self._list = MessageList(theme, icons)
        self._keys = KeyTable(theme, icons)
        self._middle = QStackedWidget()
        self._middle.addWidget(self._keys)
        self._middle.addWidget(self._list)
        self._header.hide()
        self._banners.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._header)
        self._column.addWidget(self._banners)
        self._column.addWidget(self._middle, 1)
        self.setFocusProxy(self._list)
        self._header.closeRequested.connect(self.closeRequested)
        self._banners.actionRequested.connect(self.bannerActionRequested)
        self._list.actionRequested.connect(self.actionRequested)

    @property
    def messages(self) -> MessageList:
        """The list of messages."""
        return self._list

    def set_composer(self, composer: QWidget) -> None:
        """Puts the reply box under the messages."""
        self._composer = composer
        self._column.addWidget(composer)
        self._share_height()

    def render(self, view: ChatView) -> None:  # type: ignore[override]  # the name of all panes
        """Shows a state of the conversation; another conversation opens at its newest message."""
        self._banners.show_banners(view.banners)
        chosen = view.header is not None
        if view.header is not None:
            self._header.show_header(view.header)
        self._header.setVisible(chosen)
        self._middle.setCurrentWidget(self._list if chosen else self._keys)
        anew = view.conversation != self._conversation
        self._conversation = view.conversation
        self._list.show_rows(view.rows, anew=anew, loading=view.loading, empty=view.empty)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves three fifths of the height to the messages."""
        super().resizeEvent(event)
        self._share_height()

    def follow_end(self) -> None:
        """Goes to the newest message, so that a reply just sent comes into sight."""
        self._list.jump_to_end()

    def _share_height(self) -> None:
        if self._composer is not None:
            least = self._composer.minimumSizeHint().height()
            self._composer.setMaximumHeight(max(least, int(self.height() * _COMPOSER_SHARE)))
