"""QueuePane under real clicks and keys."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.queue import QueueRow, QueueView
from kefu_desk.ui.delegates.case import button_rect
from kefu_desk.ui.panes import queue as module
from kefu_desk.ui.panes.queue import QueuePane, gone, held

Row = Callable[..., QueueRow]


@pytest.fixture
def pane(qtbot: QtBot, look: Any) -> QueuePane:
    window = QWidget()
    qtbot.addWidget(window)
    pane = QueuePane(look.theme, look.icons, window)
    pane.setGeometry(0, 0, 320, 400)
    pane.host = window
    window.resize(600, 400)
    pane.tester = QAbstractItemModelTester(pane.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    QTest.mouseMove(window, QPoint(550, 300))
    return pane


def view(*rows: QueueRow, **fields: object) -> QueueView:
    values: dict[str, object] = {"count": len(rows), "known": True, "can_accept_next": True}
    return QueueView(rows=rows, **(values | fields))


def keys(pane: QueuePane) -> str:
    return "".join(row.key for row in pane.model.rows)


def click_button(pane: QueuePane, row: int) -> None:
    rect = pane.list.visualRect(pane.model.index(row))
    at = button_rect(rect).center()
    QTest.mouseMove(pane.list.viewport(), at)
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def caught(pane: QueuePane) -> list[str]:
    out: list[str] = []
    pane.acceptRequested.connect(out.append)
    return out


def test_the_button_of_a_row_accepts_its_customer(pane: QueuePane, case_row: Row) -> None:
    asked = caught(pane)
    pane.render(view(*map(case_row, "abc")))
    click_button(pane, 1)
    assert asked == ["b"]


def test_a_click_beside_the_button_accepts_nobody(pane: QueuePane, case_row: Row) -> None:
    asked = caught(pane)
    pane.render(view(*map(case_row, "abc")))
    rect = pane.list.visualRect(pane.model.index(1))
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(100, 15))
    QTest.mousePress(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=button_rect(rect).center())
    QTest.mouseRelease(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(100, 15))
    QTest.mousePress(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(100, 15))
    QTest.mouseRelease(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=button_rect(rect).center())
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.RightButton, pos=button_rect(rect).center())
    assert asked == []


def test_double_click_and_enter_accept(pane: QueuePane, case_row: Row) -> None:
    asked = caught(pane)
    pane.render(view(*map(case_row, "abc")))
    at = pane.list.visualRect(pane.model.index(2)).topLeft() + QPoint(100, 15)
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert asked == ["c"]
    pane.list.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(pane.list, Qt.Key.Key_Up)
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    assert asked == ["c", "b"]


def test_the_second_half_of_a_double_click_never_takes_the_next_customer(
    pane: QueuePane, case_row: Row
) -> None:
    asked = caught(pane)
    pane.render(view(*map(case_row, "ab")))
    click_button(pane, 0)
    pane.render(view(case_row("a", accepting=True), case_row("b")))
    pane.render(view(case_row("b")))
    assert keys(pane) == "b"
    at = button_rect(pane.list.visualRect(pane.model.index(0))).center()
    QTest.mouseDClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert asked == ["a"]


def test_a_row_that_cannot_be_accepted_stays_quiet(pane: QueuePane, case_row: Row) -> None:
    asked = caught(pane)
    pane.render(
        view(
            case_row("a", can_accept=False),
            case_row("b", accepting=True),
            case_row("c", note=verbatim("已被 小李 接入")),
        )
    )
    pane.list.setFocus(Qt.FocusReason.TabFocusReason)
    for row in range(3):
        click_button(pane, row)
        pane.list.setCurrentIndex(pane.model.index(row))
        QTest.keyClick(pane.list, Qt.Key.Key_Enter)
    assert asked == []


def test_accept_next_follows_the_view_and_says_why_not(pane: QueuePane, case_row: Row, qtbot: QtBot) -> None:
    pane.render(view(case_row("a")))
    with qtbot.waitSignal(pane.acceptNextRequested):
        QTest.mouseClick(pane.next, Qt.MouseButton.LeftButton)
    pane.render(view(can_accept_next=False, why_not=verbatim("账号未在线 <b>")))
    assert not pane.next.isEnabled()
    assert pane.next.accessibleDescription() == "账号未在线 <b>"
    assert "&lt;b&gt;" in pane.next.toolTip()


def test_rows_hold_still_under_the_pointer_until_it_leaves(
    pane: QueuePane, case_row: Row, qtbot: QtBot
) -> None:
    pane._patience.setInterval(600_000)
    pane.render(view(*map(case_row, "abc")))
    pointer_in(pane, inside=True)
    assert pane.list.busy
    pane.render(view(*map(case_row, "cad")))
    assert keys(pane) == "abcd"
    assert pane.model.at(1) == gone(case_row("b"))
    pointer_in(pane, inside=False)
    qtbot.waitUntil(lambda: keys(pane) == "cad")


def pointer_in(pane: QueuePane, *, inside: bool) -> None:
    """What Qt does when the pointer comes or goes; the offscreen platform does not always notice."""
    viewport = pane.list.viewport()
    viewport.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, inside)
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Enter if inside else QEvent.Type.Leave))


def test_patience_ends_by_itself(pane: QueuePane, case_row: Row, qtbot: QtBot) -> None:
    assert module.PATIENCE_MS == 3000
    pane._patience.setInterval(50)
    pane.render(view(*map(case_row, "abc")))
    pane.list.setFocus(Qt.FocusReason.TabFocusReason)
    pane.render(view(*map(case_row, "ca")))
    assert keys(pane) == "abc"
    qtbot.waitUntil(lambda: keys(pane) == "ca")


def test_without_pointer_or_keyboard_rows_go_at_once(pane: QueuePane, case_row: Row) -> None:
    pane.render(view(*map(case_row, "abc")))
    pane.render(view(*map(case_row, "ca")))
    assert keys(pane) == "ca"


def test_held_lets_an_accepted_row_go(case_row: Row) -> None:
    shown = (case_row("a", accepting=True), case_row("b"))
    assert held(shown, (case_row("b"), case_row("c"))) == (case_row("b"), case_row("c"))
    assert held(shown, ()) == (gone(case_row("b")),)


def test_focus_ring_only_for_the_keyboard(pane: QueuePane, case_row: Row) -> None:
    pane.render(view(*map(case_row, "abc")))
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 15))
    assert not pane.list.ringed
    QTest.keyClick(pane.list, Qt.Key.Key_Down)
    assert pane.list.ringed


def test_focus_stays_with_the_list_when_the_last_row_goes(
    pane: QueuePane, case_row: Row, qtbot: QtBot
) -> None:
    pane._patience.setInterval(1)
    pane.render(view(case_row("a")))
    pane.list.setFocus(Qt.FocusReason.TabFocusReason)
    pane.render(view(empty=text("queue.empty.last", time="14:02")))
    qtbot.waitUntil(lambda: keys(pane) == "")
    assert pane.list.hasFocus()
    said = [label.text() for label in pane.findChildren(QLabel) if label.isVisible()]
    assert "没有等待的客户" in said
    assert "上次有人等待 14:02" in said


def test_skeleton_then_slow_then_rows(pane: QueuePane, case_row: Row) -> None:
    pane.render(QueueView())
    assert pane._skeleton.isVisible()
    assert pane._skeleton.accessibleName() == "正在获取"
    pane.render(QueueView(slow=True))
    assert pane._skeleton.accessibleName() == "仍在获取"
    pane.render(view(case_row("a"), unlisted=verbatim("另有 3 位")))
    assert not pane._skeleton.isVisible()
    assert pane._unlisted.isVisible()


def test_screen_readers_hear_the_sentence_of_a_row(
    pane: QueuePane, case_row: Row, unnamed: Callable[[QWidget], list[str]]
) -> None:
    pane.render(view(*map(case_row, "ab")))
    spoken = QAccessible.queryAccessibleInterface(pane.list)
    assert spoken.text(QAccessible.Text.Name) == "待接入的客户"
    assert spoken.child(1).text(QAccessible.Text.Name) == "row b，waits"
    assert unnamed(pane) == []


def test_language_and_theme_change_in_place(pane: QueuePane, case_row: Row, look: Any) -> None:
    pane.render(view(case_row("7F3A")))
    widgets = pane.findChildren(QWidget)
    look.speak("en")
    assert pane.next.text() == "Accept next"
    assert pane.list.accessibleName() == "Waiting customers"
    before = pane.grab().toImage().pixelColor(2, 200)
    look.theme.use("dark")
    after = pane.grab().toImage().pixelColor(2, 200)
    assert (before.name().upper(), after.name().upper()) == ("#F5F6F7", "#24272C")
    assert pane.findChildren(QWidget) == widgets
