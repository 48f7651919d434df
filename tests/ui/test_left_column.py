"""The left column: both lists, or tabs with counts."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.shown import Shown, show_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> Iterator[Shown]:
    made = show_window(qtbot, qapp, width=960)
    yield made
    made.language.use("en")
    qapp.setStyleSheet("")


def tabs(shown: Shown) -> list[QPushButton]:
    return [
        button for button in shown.window.left.findChildren(QPushButton) if button.property("kind") == "tab"
    ]


def test_tabs_tell_counts_in_both_languages(shown: Shown) -> None:
    left = shown.window.left
    left.set_counts("", "")
    assert [tab.text() for tab in tabs(shown)] == ["待接入", "我的会话"]
    left.set_counts("7", "3")
    assert [tab.text() for tab in tabs(shown)] == ["待接入 7", "我的会话 3"]
    shown.speak("en")
    assert [tab.text() for tab in tabs(shown)] == ["Waiting 7", "My chats 3"]


def test_a_tab_brings_its_list_to_the_front(shown: Shown, qtbot: QtBot) -> None:
    window = shown.window
    queue, sessions = tabs(shown)
    assert sessions.isChecked()
    with qtbot.waitSignal(window.left.tabChosen) as chosen:
        QTest.mouseClick(queue, Qt.MouseButton.LeftButton)
    assert chosen.args == [0]
    assert queue.isChecked()
    assert not sessions.isChecked()
    assert (window.queue.isVisible(), window.sessions.isVisible()) == (True, False)
    sessions.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(sessions, Qt.Key.Key_Space)
    assert (window.queue.isVisible(), window.sessions.isVisible()) == (False, True)


def test_tabs_stand_for_the_headers(shown: Shown) -> None:
    window = shown.window
    headers = (window.queue.header, window.sessions.header)
    assert not any(header.isVisible() for header in headers)
    assert all(tab.isVisible() for tab in tabs(shown))
    window.resize(1280, 800)
    assert all(header.isVisible() for header in headers)
    assert not any(tab.isVisible() for tab in tabs(shown))


def test_a_tab_chosen_while_both_are_shown_counts_later(shown: Shown) -> None:
    window = shown.window
    window.resize(1280, 800)
    window.left.show_tab(0)
    assert window.sessions.isVisible()
    window.resize(960, 600)
    assert (window.queue.isVisible(), window.sessions.isVisible()) == (True, False)
