"""The table of agent accounts."""

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.team import AgentRow
from kefu_desk.ui.i18n import sentence, words
from kefu_desk.ui.models.roles import ROW

COLUMNS: Final = ("name", "presence", "cases", "account", "binding")
_WORDS = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole))
_Index = QModelIndex | QPersistentModelIndex


class AgentModel(QAbstractTableModel):
    """One agent a row; the first cell speaks the whole row, the others their own words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[AgentRow, ...] = ()

    @property
    def rows(self) -> tuple[AgentRow, ...]:
        """The rows as shown."""
        return self._rows

    def row_of(self, key: str) -> int:
        """The place of an agent, or -1."""
        return next((place for place, row in enumerate(self._rows) if row.key == key), -1)

    def apply(self, rows: tuple[AgentRow, ...]) -> None:
        """Becomes `rows`: cells change in place while the agents keep their order, else the table resets."""
        if [row.key for row in rows] != [row.key for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        changed = [place for place, row in enumerate(rows) if row != self._rows[place]]
        self._rows = rows
        for place in changed:
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))

    def speak_again(self) -> None:
        """Tells views that every word may have changed, after the language changed."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """The number of agents."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        """The number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself for `ROW`, words for display and screen readers."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role not in _WORDS:
            return None
        if index.column() == 0 and role == Qt.ItemDataRole.AccessibleTextRole:
            return sentence((*row.sentence, verbatim(row.account)))
        cells = (row.name, words(row.presence), row.cases, row.account, words(row.binding))
        return cells[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The names of the columns, numbers to the right."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role in _WORDS:
            return words(text(f"team.column.{COLUMNS[section]}"))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = COLUMNS[section] == "cases"
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None
