"""The list in which a person picks their own agent account."""

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.setup import AgentChoice
from kefu_desk.ui.i18n import sentence, words
from kefu_desk.ui.models.roles import ROW
from kefu_desk.ui.paint import RIGHT, advance, dot, focus_ring, keyboard_focus, line, plain_tooltip, rounded
from kefu_desk.ui.theme import Theme

_HEIGHT = 44
_WORDS = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole))
Index = QModelIndex | QPersistentModelIndex


class ChoiceModel(QAbstractListModel):
    """Agent accounts; those that cannot be used can be read but not chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._choices: tuple[AgentChoice, ...] = ()

    @property
    def choices(self) -> tuple[AgentChoice, ...]:
        """The accounts as shown."""
        return self._choices

    def apply(self, choices: tuple[AgentChoice, ...]) -> None:
        """Replaces the accounts."""
        self.beginResetModel()
        self._choices = choices
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """The number of accounts."""
        return 0 if parent.isValid() else len(self._choices)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """An unusable account is disabled, so that keys pass over it."""
        if index.isValid() and self._choices[index.row()].usable:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The account for `ROW`, its sentence in words, its hint as a tooltip."""
        if not index.isValid():
            return None
        choice = self._choices[index.row()]
        if role == ROW:
            return choice
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(words(choice.hint))
        if role not in _WORDS:
            return None
        parts = (verbatim(choice.nick), verbatim(choice.agent), choice.hint)
        return sentence(parts if choice.usable else (*parts, text("setup.agent.unusable")))


class ChoiceDelegate(QStyledItemDelegate):
    """A 44-px row: radio mark, nickname, account, hint at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The fixed height."""
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one account."""
        choice = index.data(ROW)
        if not isinstance(choice, AgentChoice):
            return
        theme = self._theme
        rect: QRect = option.rect.adjusted(4, 1, -4, -1)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or (choice.usable and state & QStyle.StateFlag.State_MouseOver):
            rounded(painter, rect, theme.color("selected" if chosen else "hover"), 8)
        if keyboard_focus(option):
            focus_ring(painter, theme, rect)
        self._radio(
            painter, QPointF(rect.left() + 20, rect.center().y() + 0.5), chosen=chosen, usable=choice.usable
        )
        ink = theme.color("text" if choice.usable else "text-2")
        left, right = rect.left() + 40, rect.right() - 12
        hint = words(choice.hint)
        hint_width = min(advance(hint, 12), rect.width() // 2)
        faint, where = theme.color("text-2"), QRect(right - hint_width, rect.top(), hint_width, rect.height())
        line(painter, where, hint, faint, 12, align=RIGHT)
        room = right - hint_width - 12 - left
        used = line(
            painter, QRect(left, rect.top(), room, rect.height()), choice.nick or choice.agent, ink, 14
        )
        if choice.nick:
            where = QRect(left + used + 8, rect.top(), room - used - 8, rect.height())
            line(painter, where, choice.agent, faint, 12)

    def _radio(self, painter: QPainter, middle: QPointF, *, chosen: bool, usable: bool) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.color("accent" if chosen else "border" if usable else "off")
        painter.setPen(QPen(color, 2 if chosen else 1.5))
        painter.drawEllipse(QRectF(middle.x() - 8, middle.y() - 8, 16, 16))
        painter.restore()
        if chosen:
            dot(painter, middle, 8, color)


class ChoiceList(QListView):
    """Agent accounts as a list with one choice; arrows move, Enter and double click go on."""

    agentChanged = Signal()
    agentActivated = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._model = ChoiceModel(self)
        self.setModel(self._model)
        self.setItemDelegate(ChoiceDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.selectionModel().selectionChanged.connect(lambda _new, _old: self.agentChanged.emit())
        self.doubleClicked.connect(lambda _index: self.agentActivated.emit())
        self._retranslate()

    @property
    def agent(self) -> str:
        """The chosen account, or nothing."""
        chosen = self.selectionModel().selectedIndexes()
        return self._model.choices[chosen[0].row()].agent if chosen else ""

    def render_choices(self, choices: tuple[AgentChoice, ...]) -> None:
        """Shows the accounts, keeps the choice, and chooses the only usable one by itself."""
        if choices == self._model.choices:
            return
        before = self.agent
        self._model.apply(choices)
        self.setMaximumHeight(len(choices) * _HEIGHT + 12)
        usable = [place for place, choice in enumerate(choices) if choice.usable]
        keep = [place for place in usable if choices[place].agent == before]
        wanted = keep or (usable if len(usable) == 1 else [])
        if wanted:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._model.index(wanted[0]), flag)
        self.agentChanged.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follows language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.viewport().update()

    def _retranslate(self) -> None:
        self.setAccessibleName(words(text("setup.agent.list")))
