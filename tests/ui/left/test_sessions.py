"""SessionsPane under real clicks and keys."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.presenters.sessions import SessionRow, SessionsView
from kefu_desk.ui.panes.sessions import SessionsPane

Row = Callable[..., SessionRow]


@pytest.fixture
def pane(qtbot: QtBot, look: Any) -> SessionsPane:
    pane = SessionsPane(look.theme, look.icons)
    qtbot.addWidget(pane)
    pane.tester = QAbstractItemModelTester(pane.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    pane.resize(320, 400)
    pane.show()
    pane.activateWindow()
    qtbot.waitExposed(pane)
    return pane


def view(*rows: SessionRow, **fields: object) -> SessionsView:
    return SessionsView(rows=rows, count=len(rows), known=True, **fields)


def selected(pane: SessionsPane) -> list[str]:
    return [pane.model.at(index.row()).key for index in pane.list.selectionModel().selectedIndexes()]


def opened(pane: SessionsPane) -> list[str]:
    out: list[str] = []
    pane.openRequested.connect(out.append)
    return out


def test_click_and_enter_open_arrows_only_move(pane: SessionsPane, session_row: Row) -> None:
    asked = opened(pane)
    pane.render(view(*map(session_row, "abc"), current="a"))
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 64 + 20))
    assert asked == ["b"]
    assert selected(pane) == ["a"]
    QTest.keyClick(pane.list, Qt.Key.Key_Down)
    assert asked == ["b"]
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    assert asked == ["b", "c"]
    assert selected(pane) == ["a"]


def test_the_selected_row_is_the_open_conversation(pane: SessionsPane, session_row: Row) -> None:
    pane.render(view(*map(session_row, "abc"), current="b"))
    assert selected(pane) == ["b"]
    pane.render(view(*map(session_row, "cba"), current="b"))
    assert selected(pane) == ["b"]
    pane.render(view(*map(session_row, "ca"), current=""))
    assert selected(pane) == []
    pane.render(view(*map(session_row, "ca"), current="a"))
    assert selected(pane) == ["a"]
    pane.render(view(*map(session_row, "ca"), current="elsewhere"))
    assert selected(pane) == []


def test_data_does_not_move_the_keyboard(pane: SessionsPane, session_row: Row) -> None:
    pane.render(view(*map(session_row, "abc"), current="a"))
    pane.list.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(pane.list, Qt.Key.Key_Down)
    pane.render(view(session_row("a"), session_row("c", unread=2), session_row("b"), current="a"))
    assert pane.model.at(pane.list.currentIndex().row()).key == "b"


def test_a_new_message_flashes_once_unless_motion_is_off(
    pane: SessionsPane, session_row: Row, look: Any, qtbot: QtBot
) -> None:
    pane.render(view(session_row("a"), session_row("b")))
    pane.render(view(session_row("a"), session_row("b", unread=1)))
    assert pane._delegate.flashing == {"b"}
    qtbot.waitUntil(lambda: not pane._delegate.flashing)
    look.theme.motion = False
    pane.render(view(session_row("a"), session_row("b", unread=2)))
    assert not pane._delegate.flashing


def test_empty_pane_offers_the_next_customer(pane: SessionsPane, qtbot: QtBot) -> None:
    pane.render(SessionsView(known=True, can_accept_next=True))
    with qtbot.waitSignal(pane.acceptNextRequested):
        QTest.mouseClick(pane.empty.button, Qt.MouseButton.LeftButton)
    pane.render(SessionsView(known=True))
    assert not pane.empty.button.isEnabled()


def test_screen_readers_hear_rows_and_selection(
    pane: SessionsPane, session_row: Row, unnamed: Callable[[QWidget], list[str]]
) -> None:
    pane.render(view(*map(session_row, "ab"), current="b", unanswered=2))
    spoken = QAccessible.queryAccessibleInterface(pane.list)
    assert spoken.child(1).text(QAccessible.Text.Name) == "chat b"
    assert spoken.child(1).state().selected
    assert not spoken.child(0).state().selected
    assert pane._late.accessibleName() == "2 位未答"
    assert unnamed(pane) == []


def test_language_and_theme_change_in_place(pane: SessionsPane, session_row: Row, look: Any) -> None:
    pane.render(view(session_row("a"), current="a", unanswered=1))
    widgets = pane.findChildren(QWidget)
    before = pane.grab().toImage().pixelColor(12, 64)
    look.speak("en")
    look.theme.use("dark")
    assert pane._late.accessibleName() == "1 unanswered"
    after = pane.grab().toImage().pixelColor(12, 64)
    assert (before.name().upper(), after.name().upper()) == ("#DDEFE6", "#21402F")
    assert pane.findChildren(QWidget) == widgets
