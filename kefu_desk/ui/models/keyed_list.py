"""A list model that turns one tuple of rows into the next with as few steps as possible."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kefu_desk.domain.text import Text
from kefu_desk.ui.i18n import sentence
from kefu_desk.ui.models.roles import ROW

Index = QModelIndex | QPersistentModelIndex
_WORDS = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole))


class KeyedRow(Protocol):
    """What a row must have: a key that stays with its customer or message, and its spoken sentence."""

    @property
    def key(self) -> str:
        """Names the row for as long as it is in the list."""

    @property
    def sentence(self) -> tuple[Text, ...]:
        """The whole row in words, for screen readers."""


R = TypeVar("R", bound=KeyedRow)


class KeyedListModel(QAbstractListModel, Generic[R]):
    """Rows by key: `apply` keeps selection, current row and persistent indexes on their own row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[R] = []

    @property
    def rows(self) -> tuple[R, ...]:
        """The rows as shown, in order."""
        return tuple(self._rows)

    def at(self, row: int) -> R:
        """The row at a place that exists."""
        return self._rows[row]

    def row_of(self, key: str) -> int:
        """The place of a key, or -1."""
        return next((place for place, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """The number of rows; rows have no children."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself for `ROW`, its sentence for display and screen readers."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        return sentence(row.sentence) if role in _WORDS else None

    def apply(self, rows: Sequence[R]) -> None:
        """Becomes `rows` by removing, moving, inserting and changing; a key that comes twice counts once."""
        wanted: dict[str, R] = {}
        for row in rows:
            wanted.setdefault(row.key, row)
        if [row.key for row in self._rows] != list(wanted):
            self._remove(wanted)
            self._reorder(wanted)
            self._insert(list(wanted.values()))
        self._change(list(wanted.values()))

    def speak_again(self) -> None:
        """Announces every row as changed, after the language changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [*_WORDS, ROW])

    def _remove(self, wanted: dict[str, R]) -> None:
        gone = [place for place, row in enumerate(self._rows) if row.key not in wanted]
        for first, last in reversed(list(_runs(gone))):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()

    def _reorder(self, wanted: dict[str, R]) -> None:
        have = {row.key: place for place, row in enumerate(self._rows)}
        order = [key for key in wanted if key in have]
        places = [have[key] for key in order]
        if all(map(int.__lt__, places, places[1:])):
            return
        still = _longest_rising(places)
        for place, key in enumerate(order):
            if have[key] not in still:
                self._move(self.row_of(key), self.row_of(order[place - 1]) + 1 if place else 0)

    def _move(self, source: int, before: int) -> None:
        if before in (source, source + 1):
            return
        self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), before)
        row = self._rows.pop(source)
        self._rows.insert(before - (before > source), row)
        self.endMoveRows()

    def _insert(self, wanted: list[R]) -> None:
        have = {row.key for row in self._rows}
        new = [place for place, row in enumerate(wanted) if row.key not in have]
        for first, last in _runs(new):
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = wanted[first : last + 1]
            self.endInsertRows()

    def _change(self, wanted: list[R]) -> None:
        changed = [
            place
            for place, (old, new) in enumerate(zip(self._rows, wanted, strict=True))
            if old is not new and old != new
        ]
        for first, last in _runs(changed):
            self._rows[first : last + 1] = wanted[first : last + 1]
            self.dataChanged.emit(self.index(first), self.index(last))


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring places as (first, last)."""
    start = 0
    for at in range(1, len(places) + 1):
        if at == len(places) or places[at] != places[at - 1] + 1:
            yield places[start], places[at - 1]
            start = at


def _longest_rising(numbers: list[int]) -> set[int]:
    """The members of one longest rising subsequence: the rows that need not move."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before.append(tail_at[length - 1] if length else -1)
        tails[length : length + 1] = [number]
        tail_at[length : length + 1] = [at]
    out: set[int] = set()
    at = tail_at[-1] if tail_at else -1
    while at >= 0:
        out.add(numbers[at])
        at = before[at]
    return out
