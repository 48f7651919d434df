"""The supervisor page in its first form: figures, agents, and the queue, live."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from kefu_desk.domain.text import NOTHING, text
from kefu_desk.presenters.queue import QueueRow
from kefu_desk.presenters.team import AgentRow, TeamView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.avatar import Avatars
from kefu_desk.ui.button import IconButton
from kefu_desk.ui.delegates.agent import HEIGHT, AgentDelegate
from kefu_desk.ui.delegates.waiting import WaitingDelegate
from kefu_desk.ui.empty import EmptyState, Skeleton
from kefu_desk.ui.figures import AgeMark, FigureStrip
from kefu_desk.ui.focus import by_keyboard
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Label, Paragraph
from kefu_desk.ui.models.agents import COLUMNS, AgentModel
from kefu_desk.ui.models.keyed_list import KeyedListModel
from kefu_desk.ui.paint import LEFT, RIGHT, focus_ring, line
from kefu_desk.ui.row_list import RowList
from kefu_desk.ui.theme import Theme

_SKELETON, _EMPTY, _ROWS = range(3)
_ASIDE, _ASIDE_NARROW, _NARROW = 372, 320, 1180


class AgentHeader(QHeaderView):
    """The names of the columns, in line with the cells below."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setFixedHeight(28)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        """Paints one name and the line below it."""
        painter.save()
        painter.setPen(QPen(self._theme.color("grid"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        name = COLUMNS[logical]
        left = 0 if name in {"presence", "cases"} else 16
        said = str(self.model().headerData(logical, Qt.Orientation.Horizontal))
        align = RIGHT if name == "cases" else LEFT
        line(painter, rect.adjusted(left, 0, -8, 0), said, self._theme.color("text-2"), 12, align=align)
        painter.restore()


class AgentTable(QTableView):
    """The agents with their columns; the ring of keyboard focus goes round the whole row."""

    def __init__(self, theme: Theme, avatars: Avatars) -> None:
        super().__init__()
        self._theme = theme
        self._agents = AgentModel(self)
        self._ringed = False
        self.setHorizontalHeader(AgentHeader(theme, self))
        self.setModel(self._agents)
        self.setItemDelegate(AgentDelegate(theme, avatars, self))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._retranslate()

    def render_agents(self, rows: tuple[AgentRow, ...]) -> None:
        """Shows the agents; the current row stays with its agent."""
        current = self.currentIndex()
        key = self._agents.rows[current.row()].key if current.isValid() else ""
        self._agents.apply(rows)
        place = self._agents.row_of(key)
        if place >= 0 and self.currentIndex().row() != place:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self._agents.index(place, 0), flags)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remembers how the focus came."""
        self._ringed = by_keyboard(event.reason(), before=self._ringed)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys move the row and bring its ring."""
        self._ringed = True
        super().keyPressEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the cells, then the ring of the current row."""
        super().paintEvent(event)
        current = self.currentIndex()
        if self._ringed and self.hasFocus() and current.isValid():
            top = self.rowViewportPosition(current.row())
            painter = QPainter(self.viewport())
            ring = QRectF(4, top + 1, self.viewport().width() - 8, HEIGHT - 3)
            focus_ring(painter, self._theme, ring)
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the width out: names and accounts take what the fixed columns leave."""
        super().resizeEvent(event)
        width = self.viewport().width()
        presence, cases, binding = (104, 72, 148) if width > 700 else (88, 60, 124)
        rest = max(200, width - presence - cases - binding)
        name = rest * 52 // 100
        for column, size in enumerate((name, presence, cases, rest - name, binding)):
            self.setColumnWidth(column, size)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._agents.speak_again()
            self._retranslate()

    def _retranslate(self) -> None:
        self.setAccessibleName(words(text("team.agents")))
        self.horizontalHeader().setAccessibleName(words(text("team.agents")))


class TeamPage(QWidget):
    """Who is online, what they carry and who waits; `backRequested` leads back to the chats."""

    backRequested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        avatars = Avatars(theme)
        self._back = IconButton(theme, icons, "arrow-left", text("team.back"), side=28)
        self._back.clicked.connect(self.backRequested)
        self._age = AgeMark(theme)
        self._figures = FigureStrip(theme)
        self._agents_count = Label(role="meta")
        self._table = AgentTable(theme, avatars)
        self._agents = _stack(
            Skeleton(theme, HEIGHT, 22),
            EmptyState(theme, icons, "user", text("team.agents.none"), text("team.agents.none.hint")),
            self._table,
        )
        self._queue_count = Label(role="meta")
        self._queue_model: KeyedListModel[QueueRow] = KeyedListModel(self)
        self._queue_list = RowList()
        self._queue_list.setModel(self._queue_model)
        self._queue_list.setItemDelegate(WaitingDelegate(theme, avatars, self._queue_list))
        self._queue = _stack(
            Skeleton(theme, 36, 22),
            EmptyState(theme, icons, "coffee", text("team.queue.none")),
            self._queue_list,
        )
        self._unlisted = Paragraph(role="meta")
        self._aside = self._build_aside()
        self._build()
        self.setFocusProxy(self._table)
        self.render(TeamView())
        self._retranslate()

    def render(self, view: TeamView) -> None:  # type: ignore[override]  # QWidget.render paints; a pane's render shows
        """Shows figures, agents and queue as they are now."""
        self._age.show_age(view.age, view.age_tone)
        self._figures.setVisible(bool(view.figures))
        self._figures.render_figures(view.figures)
        self._table.render_agents(view.agents)
        self._agents.setCurrentIndex(_ROWS if view.agents else _EMPTY if view.known else _SKELETON)
        self._agents_count.say(text("team.agents.count", len(view.agents)) if view.agents else NOTHING)
        self._queue_model.apply(view.queue)
        waiting = view.queue or view.count
        self._queue.setCurrentIndex(_ROWS if waiting else _EMPTY if view.queue_known else _SKELETON)
        self._queue_count.say(text("team.listed", view.count) if view.queue_known else NOTHING)
        self._unlisted.say(view.unlisted or NOTHING)
        self._unlisted.setVisible(view.unlisted is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Gives the tables more of a narrow window."""
        super().resizeEvent(event)
        self._aside.setFixedWidth(_ASIDE if self.width() >= _NARROW else _ASIDE_NARROW)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_aside"):
            self._queue_model.speak_again()
            self._retranslate()

    def _retranslate(self) -> None:
        self.setAccessibleName(words(text("team.title")))
        self._queue_list.setAccessibleName(words(text("team.aside")))
        self._figures.setAccessibleName(words(text("team.figures")))

    def _build(self) -> None:
        left = QWidget()
        column = _column(left)
        column.addWidget(_heading(Label(text("team.agents"), role="strong"), self._agents_count))
        column.addLayout(self._agents, 1)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(left, 1)
        body.addWidget(self._aside)
        whole = _column(self)
        whole.addWidget(self._header())
        whole.addWidget(self._figures)
        whole.addLayout(body, 1)

    def _header(self) -> QWidget:
        header = QFrame()
        header.setObjectName("header")
        header.setFixedHeight(40)
        row = QHBoxLayout(header)
        row.setContentsMargins(12, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self._back)
        row.addWidget(Label(text("team.title"), role="title"))
        row.addWidget(self._age)
        row.addStretch(1)
        return header

    def _build_aside(self) -> QWidget:
        aside = QFrame()
        aside.setObjectName("aside")
        column = _column(aside)
        order = Label(text("team.queue.order"), role="meta", elide=True)
        order.tint(Tone.MUTED)
        column.addWidget(_heading(Label(text("team.aside"), role="strong"), self._queue_count, order))
        column.addLayout(self._queue, 1)
        self._unlisted.setContentsMargins(16, 8, 16, 8)
        column.addWidget(self._unlisted)
        return aside


def _column(parent: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def _heading(title: Label, count: Label, right: Label | None = None) -> QWidget:
    heading = QWidget()
    heading.setFixedHeight(36)
    row = QHBoxLayout(heading)
    row.setContentsMargins(16, 0, 16, 0)
    row.setSpacing(8)
    row.addWidget(title)
    row.addWidget(count)
    row.addStretch(1)
    if right is not None:
        row.addWidget(right)
    return heading


def _stack(*pages: QWidget) -> QStackedLayout:
    stack = QStackedLayout()
    for page in pages:
        stack.addWidget(page)
    return stack
