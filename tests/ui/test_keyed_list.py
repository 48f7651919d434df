"""KeyedListModel: every step is a legal one, and what was selected stays selected."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from kefu_desk.domain.text import Text, verbatim
from kefu_desk.ui.models.keyed_list import KeyedListModel
from kefu_desk.ui.models.roles import ROW

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    value: int = 0

    @property
    def sentence(self) -> tuple[Text, ...]:
        return (verbatim(f"{self.key}={self.value}"),)


@dataclass
class Steps:
    removed: int = 0
    moved: int = 0
    inserted: int = 0
    changed: int = 0


def watched(model: KeyedListModel[Row]) -> Steps:
    steps = Steps()

    def count(name: str) -> Callable[..., None]:
        def add(*_args: object) -> None:
            setattr(steps, name, getattr(steps, name) + 1)

        return add

    model.rowsRemoved.connect(count("removed"))
    model.rowsMoved.connect(count("moved"))
    model.rowsInserted.connect(count("inserted"))
    model.dataChanged.connect(count("changed"))
    return steps


def rows(keys: str, value: int = 0) -> tuple[Row, ...]:
    return tuple(Row(key, value) for key in keys)


lists = st.lists(
    st.tuples(st.sampled_from("abcdefghijklmnop"), st.integers(0, 2)), unique_by=lambda pair: pair[0]
)


@settings(max_examples=150, deadline=None)
@given(edits=st.lists(lists, min_size=2, max_size=6))
def test_any_edit_lands_on_the_wanted_rows_and_persistent_indexes_follow(
    qapp: QApplication, edits: list[list[tuple[str, int]]]
) -> None:
    model: KeyedListModel[Row] = KeyedListModel()
    tester = QAbstractItemModelTester(model, FATAL)
    for edit in edits:
        held = {row.key: QPersistentModelIndex(model.index(place)) for place, row in enumerate(model.rows)}
        wanted = tuple(Row(key, value) for key, value in edit)
        model.apply(wanted)
        assert model.rows == wanted
        for key, index in held.items():
            assert index.isValid() == any(row.key == key for row in wanted)
            assert not index.isValid() or model.at(index.row()).key == key
    del tester


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        ("abcde", "abcde", Steps()),
        ("abcde", "acde", Steps(removed=1)),
        ("abcde", "ae", Steps(removed=1)),
        ("abcde", "abcdefg", Steps(inserted=1)),
        ("abcde", "eabcd", Steps(moved=1)),
        ("abcde", "bcdea", Steps(moved=1)),
        ("abcde", "xabcdey", Steps(inserted=2)),
        ("abcdef", "fbcxde", Steps(removed=1, moved=1, inserted=1)),
        ("", "abc", Steps(inserted=1)),
        ("abc", "", Steps(removed=1)),
    ],
)
def test_as_few_steps_as_possible(qapp: QApplication, before: str, after: str, steps: Steps) -> None:
    model: KeyedListModel[Row] = KeyedListModel()
    model.apply(rows(before))
    seen = watched(model)
    model.apply(rows(after))
    assert seen == steps


def test_a_changed_row_is_announced_alone(qapp: QApplication) -> None:
    model: KeyedListModel[Row] = KeyedListModel()
    model.apply(rows("abc"))
    spans = []
    model.dataChanged.connect(lambda first, last, _roles=(): spans.append((first.row(), last.row())))
    model.apply((Row("a"), Row("b", 7), Row("c")))
    assert spans == [(1, 1)]
    assert model.at(1).value == 7


def test_selection_stays_on_its_row(qapp: QApplication) -> None:
    model: KeyedListModel[Row] = KeyedListModel()
    model.apply(rows("abcd"))
    selection = QItemSelectionModel(model)
    selection.setCurrentIndex(model.index(2), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    model.apply(rows("cxdab", 3))
    assert [model.at(index.row()).key for index in selection.selectedIndexes()] == ["c"]
    assert model.at(selection.currentIndex().row()).key == "c"


def test_roles_and_lookups(qapp: QApplication) -> None:
    model: KeyedListModel[Row] = KeyedListModel()
    model.apply((*rows("ab"), Row("a", 9)))
    assert model.rows == rows("ab")
    assert model.row_of("b") == 1
    assert model.row_of("z") == -1
    assert model.data(model.index(1), ROW) == Row("b")
    assert model.data(model.index(1), int(Qt.ItemDataRole.AccessibleTextRole)) == "b=0"
    assert model.data(model.index(1)) == "b=0"
    assert model.data(model.index(1), int(Qt.ItemDataRole.DecorationRole)) is None
    assert model.data(model.index(5)) is None
    assert model.rowCount(model.index(0)) == 0
    seen = watched(model)
    model.speak_again()
    assert seen.changed == 1
