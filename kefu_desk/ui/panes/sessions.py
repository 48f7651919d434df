"""The customers whom the agent serves."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kefu_desk.domain.text import NOTHING, text
from kefu_desk.presenters.sessions import SessionRow, SessionsView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.avatar import Avatars
from kefu_desk.ui.chips import Line, Piece, Tally
from kefu_desk.ui.covers import CoveredList, EmptyCover, RowsSkeleton
from kefu_desk.ui.delegates.session import HEIGHT, SessionDelegate
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.models.keyed_list import KeyedListModel
from kefu_desk.ui.paint import plain_tooltip
from kefu_desk.ui.row_list import RowList
from kefu_desk.ui.section import SectionHeader
from kefu_desk.ui.theme import Theme

FLASH_MS = 120
"""How long a row with a new message is tinted."""


class SessionsPane(QWidget):
    """The own sessions. The selected row is the open conversation; arrows only move the focus."""

    openRequested = Signal(str)
    acceptNextRequested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = SessionsView()
        self.model: KeyedListModel[SessionRow] = KeyedListModel(self)
        self.list = RowList(follows_focus=False)
        self._delegate = SessionDelegate(theme, icons, Avatars(theme), self)
        self._header = SectionHeader(theme)
        self._late = Tally(theme, height=18)
        self._lapsed = Tally(theme, icons, height=18)
        self._skeleton = RowsSkeleton(theme, HEIGHT)
        self.empty = EmptyCover(theme, icons, button=text("pane.queue.accept"))
        self._pages = CoveredList(self.list, self._skeleton, self.empty)
        self._flash = QTimer(self, singleShot=True, interval=FLASH_MS)
        self._assemble()
        self._join()
        self._render_static()
        self.render(self._view)

    @property
    def header(self) -> SectionHeader:
        """The line over the list, which a window with tabs hides."""
        return self._header

    def render(self, view: SessionsView) -> None:  # type: ignore[override]
        """Shows the sessions and selects the open one."""
        moved = view.current != self._view.current
        self._light_up(view)
        self._view = view
        self._header.show_title(words(text("pane.sessions.title")), str(view.count) if view.known else "")
        self._late.setVisible(view.unanswered > 0)
        if view.unanswered > 0:
            said = words(text("pane.sessions.unanswered", view.unanswered))
            self._late.show_line(Line((Piece(said, Tone.SOON, pixels=12),), "shape", Tone.SOON))
        self._lapsed.setVisible(view.lapsed > 0)
        if view.lapsed > 0:
            said = words(text("pane.sessions.lapsed", view.lapsed))
            self._lapsed.show_line(Line((Piece(said, Tone.SOON, pixels=12),), "clock", Tone.SOON))
            self._lapsed.setToolTip(plain_tooltip(words(text("pane.sessions.lapsed.hint"))))
        self._skeleton.set_slow(view.slow)
        self._show_empty(view)
        self.model.apply(view.rows)
        self._select(view.current, scroll=moved)
        self._pages.uncover(known=view.known, filled=bool(view.rows))

    def changeEvent(self, event: QEvent) -> None:
        """Says everything again in another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._render_static()
            self.render(self._view)
            self.model.speak_again()

    def _assemble(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.setFocusProxy(self.list)
        self._header.add(self._lapsed)
        self._header.add(self._late)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._pages, 1)
        self.setMinimumHeight(32 + HEIGHT)

    def _join(self) -> None:
        self.list.rowClicked.connect(self._on_chosen)
        self.list.enterPressed.connect(self._on_chosen)
        self.empty.pressed.connect(self._on_next)
        self._flash.timeout.connect(self._on_flash_over)

    def _render_static(self) -> None:
        self.list.setAccessibleName(words(text("pane.sessions.list")))
        self.list.setAccessibleDescription(words(text("pane.sessions.list_hint")))

    def _show_empty(self, view: SessionsView) -> None:
        free = view.can_accept_next
        hint = NOTHING if free else text("pane.sessions.empty_wait")
        self.empty.show_words(text("pane.sessions.empty"), hint)
        self.empty.show_key("pane.sessions.empty_hint" if free else "", "Ctrl+J")
        self.empty.button.setEnabled(free)

    def _select(self, key: str, *, scroll: bool) -> None:
        place = self.model.row_of(key) if key else -1
        selection = self.list.selectionModel()
        if place < 0:
            selection.clearSelection()
            return
        index = self.model.index(place)
        if scroll or not self.list.currentIndex().isValid():
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.list.scrollTo(index)
        if not selection.isSelected(index) or len(selection.selectedIndexes()) != 1:
            selection.select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _light_up(self, view: SessionsView) -> None:
        if not (self._view.known and self._theme.motion):
            return
        before = {row.key: row.unread for row in self._view.rows}
        fresh = frozenset(row.key for row in view.rows if row.unread > before.get(row.key, row.unread))
        if fresh:
            self._delegate.flashing |= fresh
            self._flash.start()

    def _on_flash_over(self) -> None:
        self._delegate.flashing = frozenset()
        self.list.viewport().update()

    def _on_chosen(self, key: str) -> None:
        if key:
            self.openRequested.emit(key)

    def _on_next(self) -> None:
        self.acceptNextRequested.emit()
