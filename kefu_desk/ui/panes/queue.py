"""The customers who wait, in the order of their arrival."""

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from kefu_desk.domain.text import NOTHING, text
from kefu_desk.presenters.queue import QueueRow, QueueView
from kefu_desk.ui import paint
from kefu_desk.ui.avatar import Avatars
from kefu_desk.ui.button import Button
from kefu_desk.ui.covers import CoveredList, EmptyCover, RowsSkeleton
from kefu_desk.ui.delegates.case import HEIGHT, CaseDelegate, acceptable
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.models.keyed_list import KeyedListModel
from kefu_desk.ui.row_list import RowList
from kefu_desk.ui.section import KeyCap, SectionHeader
from kefu_desk.ui.theme import Theme

PATIENCE_MS = 3000
"""How long rows hold still under the pointer."""


class QueuePane(QWidget):
    """The queue. Rows never leave or move under the pointer for up to three seconds."""

    acceptRequested = Signal(str)
    acceptNextRequested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = QueueView()
        self.model: KeyedListModel[QueueRow] = KeyedListModel(self)
        self.list = RowList()
        self._delegate = CaseDelegate(theme, icons, Avatars(theme), self)
        self.next = Button(theme, icons, text("pane.queue.next"), kind="link")
        self._header = SectionHeader(theme)
        self._skeleton = RowsSkeleton(theme, HEIGHT)
        self._empty = EmptyCover(theme, icons, "coffee")
        self._unlisted = QLabel()
        self._pages = CoveredList(self.list, self._skeleton, self._empty)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._assemble(theme)
        self._join()
        self._render_static()
        self.render(self._view)

    @property
    def header(self) -> SectionHeader:
        """The line over the list, which a window with tabs hides."""
        return self._header

    def render(self, view: QueueView) -> None:  # type: ignore[override]
        """Shows a queue."""
        self._view = view
        self._header.show_title(words(text("pane.queue.title")), str(view.count) if view.known else "")
        why_not = words(view.why_not or NOTHING)
        self._delegate.why_not = why_not
        self.next.setEnabled(view.can_accept_next)
        hint = words(text("pane.queue.next_hint")) if view.can_accept_next else why_not
        self.next.setToolTip(paint.plain_tooltip(hint))
        self.next.setAccessibleDescription(hint)
        self._skeleton.set_slow(view.slow)
        self._unlisted.setText(words(view.unlisted or NOTHING))
        self._unlisted.setVisible(view.known and view.unlisted is not None)
        self._empty.show_words(view.empty)
        self._settle(patient=True)

    def changeEvent(self, event: QEvent) -> None:
        """Says everything again in another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._render_static()
            self.render(self._view)
            self.model.speak_again()

    def _assemble(self, theme: Theme) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.setFocusProxy(self.list)
        self._header.add(self.next)
        self._header.add(KeyCap(theme, "Ctrl+J"))
        self._unlisted.setProperty("left", "note")
        self._unlisted.setWordWrap(True)
        self._unlisted.setIndent(0)
        self._unlisted.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._pages, 1)
        column.addWidget(self._unlisted)
        self.setMinimumHeight(32 + HEIGHT)

    def _join(self) -> None:
        self.next.clicked.connect(self._on_next)
        self._delegate.acceptRequested.connect(self._ask)
        self.list.enterPressed.connect(self._ask)
        self.list.rowDoubleClicked.connect(self._ask)
        self.list.rested.connect(self._on_rested)
        self._patience.timeout.connect(self._on_patience_over)

    def _render_static(self) -> None:
        self.list.setAccessibleName(words(text("pane.queue.list")))
        self.list.setAccessibleDescription(words(text("pane.queue.list_hint")))

    def _settle(self, *, patient: bool) -> None:
        wanted = self._view.rows
        shown = held(self.model.rows, wanted) if patient and self.list.busy else wanted
        if [row.key for row in shown] == [row.key for row in wanted]:
            self._patience.stop()
            shown = wanted
        elif not self._patience.isActive():
            self._patience.start()
        self.model.apply(shown)
        self._pages.uncover(known=self._view.known, filled=bool(shown))

    def _ask(self, key: str) -> None:
        place = self.model.row_of(key)
        if place >= 0 and acceptable(self.model.at(place)):
            self.acceptRequested.emit(key)

    def _on_next(self) -> None:
        self.acceptNextRequested.emit()

    def _on_rested(self) -> None:
        if self._patience.isActive() and not self.list.busy:
            self._settle(patient=False)

    def _on_patience_over(self) -> None:
        self._settle(patient=False)


def held(shown: Sequence[QueueRow], wanted: Sequence[QueueRow]) -> tuple[QueueRow, ...]:
    """The wanted rows in the places where they are shown now; gone rows stay, greyed; new ones at the end.

    A row that the agent is accepting may go at once.
    """
    new = {row.key: row for row in wanted}
    kept = [
        new[row.key] if row.key in new else gone(row) for row in shown if row.key in new or not row.accepting
    ]
    known = {row.key for row in shown}
    return (*kept, *(row for row in wanted if row.key not in known))


def gone(row: QueueRow) -> QueueRow:
    """The row of a customer who is no longer in the queue."""
    if row.note is not None:
        return row
    note = text("pane.queue.gone")
    return replace(row, can_accept=False, note=note, sentence=(*row.sentence, note))
