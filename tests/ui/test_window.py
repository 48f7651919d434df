"""The main window: first paint, pages, narrow and wide, the simulator's mark, closing, the round of F6."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import verbatim
from kefu_desk.presenters.composer import ComposerView
from kefu_desk.presenters.team import AgentRow, TeamView
from kefu_desk.presenters.timeline import ChatHeader, ChatView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.skeleton import Skeleton
from kefu_desk.ui.window import DeskWindow
from tests.ui.shown import RESOURCES, Shown, show_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> Iterator[Shown]:
    made = show_window(qtbot, qapp)
    yield made
    made.language.use("en")
    qapp.setStyleSheet("")


def open_chat(window: DeskWindow) -> None:
    header = ChatHeader(
        key="lin",
        name=verbatim("小林"),
        glyph="林",
        tail="oM4x",
        ring=None,
        ring_tone=Tone.GOOD,
        window=verbatim("41 小时"),
        dots=3,
        sends=verbatim("还可发 3 条"),
        clock="0:24",
        clock_tone=Tone.MUTED,
        can_close=True,
        closing=False,
        in_session=True,
    )
    window.chat.render(ChatView(header=header, conversation="lin"))
    window.composer.show_draft("lin", "")
    window.composer.render(ComposerView("lin", shown=True))


def color_at(window: QWidget, x: int, y: int) -> str:
    return window.grab().toImage().pixelColor(QPoint(x, y)).name()


def test_the_first_paint_needs_no_pane(qtbot: QtBot, qapp: QApplication) -> None:
    window = show_window(qtbot, qapp, furnished=False).window
    assert isinstance(window.centralWidget(), Skeleton)
    assert window.windowTitle() == "kefu-desk"
    before = window.grab().toImage()
    middle = window.centralWidget().mapTo(window, QPoint(0, 0)).y()
    assert (
        len({before.pixelColor(x, middle + 90).name() for x in range(0, 640, 8)}) >= 3
    )  # planes, lines, rows
    window.furnish(Icons(RESOURCES / "icons"))
    window.show_desk()
    assert not isinstance(window.centralWidget(), Skeleton)
    qtbot.waitUntil(window.queue.isVisible)
    assert window.chat.isVisible()
    qapp.setStyleSheet("")


@pytest.mark.parametrize("code", ["zh_CN", "en"])
def test_every_menu_fits_the_bar(shown: Shown, code: str) -> None:
    shown.speak(code)
    bar = shown.window.menuBar()
    more = bar.findChild(QToolButton, "qt_menubar_ext_button")
    assert more is not None
    assert not more.isVisible()
    assert [action.text() for action in bar.actions()] == {
        "zh_CN": ["账号", "会话", "视图", "工具", "帮助"],
        "en": ["Account", "Chats", "View", "Tools", "Help"],
    }[code]
    for action in bar.actions():
        assert bar.rect().contains(bar.actionGeometry(action))


def test_no_key_is_given_twice(shown: Shown) -> None:
    keys = [
        action.shortcut().toString()
        for menu in shown.window.menuBar().actions()
        for action in menu.menu().actions()  # type: ignore[attr-defined]  # QAction.menu() is typed as QObject
        if not action.shortcut().isEmpty()
    ]
    assert len(keys) == len(set(keys))


def test_the_lists_go_behind_tabs_where_the_window_is_narrow(shown: Shown) -> None:
    window = shown.window
    assert window.queue.isVisible()
    assert window.sessions.isVisible()
    window.resize(960, 600)
    assert (window.queue.isVisible(), window.sessions.isVisible()) == (False, True)
    window.left.show_tab(0)
    assert (window.queue.isVisible(), window.sessions.isVisible()) == (True, False)
    window.resize(1280, 800)
    assert window.queue.isVisible()
    assert window.sessions.isVisible()


def test_the_chat_takes_the_room_that_was_kept_for_it(shown: Shown) -> None:
    window = shown.window
    window.resize(1280, 800)
    QApplication.sendPostedEvents()
    assert not window.has_chat
    assert window.left.width() == 320
    open_chat(window)
    QApplication.sendPostedEvents()
    assert window.left.width() == 320
    window.resize(1500, 800)
    assert window.left.width() == 320
    assert window.chat.width() == window.width() - 321


def test_a_narrow_start_has_tabs_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    window = show_window(qtbot, qapp, width=960).window
    assert not window.queue.isVisible()
    assert window.sessions.isVisible()
    qapp.setStyleSheet("")


def test_the_simulator_is_named_and_framed(shown: Shown) -> None:
    window = shown.window
    plain = color_at(window, 1, 400)
    window.show_identity("鹿野生活馆", simulated=True)
    assert window.windowTitle() == "鹿野生活馆 · 模拟器 SIMULATOR · kefu-desk"
    orange = color_at(window, 1, 400)
    assert orange != plain
    corners = [(1278, 400), (640, 1), (640, 798)]
    assert [color_at(window, *at) for at in corners] == [orange] * 3
    window.resize(1100, 700)
    assert color_at(window, 1098, 400) == orange
    shown.speak("en")
    assert window.windowTitle() == "鹿野生活馆 · SIMULATOR · kefu-desk"
    window.show_identity("鹿野生活馆", simulated=False)
    assert window.windowTitle() == "鹿野生活馆 · kefu-desk"
    assert color_at(window, 1, 400) == plain


def test_closing_only_asks(shown: Shown, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.window.closeRequested):
        assert not shown.window.close()
    assert shown.window.isVisible()


def test_the_supervisor_page_comes_and_goes(shown: Shown, qtbot: QtBot) -> None:
    window = shown.window
    assert not window.team_shown
    with qtbot.waitSignal(window.pageChanged):
        window.toggle_team()
    assert window.team_shown
    assert window.team.isVisible()
    with qtbot.waitSignal(window.pageChanged):
        window.team.backRequested.emit()
    assert not window.team_shown
    assert window.queue.isVisible()


def places(window: DeskWindow, by: int, steps: int) -> list[str]:
    """Where the keyboard comes by going on."""
    found = []
    for _ in range(steps):
        window.focus_pane(by)
        focus = window.focusWidget()
        names = {
            "strip": window.strip,
            "queue": window.queue,
            "sessions": window.sessions,
            "messages": window.chat.messages,
            "composer": window.composer,
            "team": window._team,
        }
        found += [
            name
            for name, pane in names.items()
            if pane is not None and focus is not None and (pane is focus or pane.isAncestorOf(focus))
        ]
    return found


def test_f6_goes_round_all_panes_and_back(shown: Shown) -> None:
    window = shown.window
    open_chat(window)
    window.composer.focus_text()
    assert places(window, 1, 5) == ["strip", "queue", "sessions", "messages", "composer"]
    assert places(window, -1, 5) == ["messages", "sessions", "queue", "strip", "composer"]


def test_f6_leaves_out_what_is_not_there(shown: Shown) -> None:
    window = shown.window
    here, said = verbatim("在线"), (verbatim("小陈"),)
    agent = AgentRow("kf1@luye", "小陈", "陈", "kf1@luye", here, Tone.GOOD, "0", here, True, said)
    window.strip.setFocus()
    assert places(window, 1, 3) == ["queue", "sessions", "strip"]
    window.toggle_team()
    assert places(window, 1, 2) == ["strip", "strip"]
    window.team.render(TeamView(agents=(agent,), known=True))
    assert places(window, 1, 2) == ["team", "strip"]


def test_f6_brings_the_list_behind_a_tab_to_the_front(shown: Shown) -> None:
    window = shown.window
    window.resize(960, 600)
    window.strip.setFocus()
    assert places(window, 1, 1) == ["queue"]
    assert window.queue.isVisible()
    assert places(window, 1, 1) == ["sessions"]
    assert window.sessions.isVisible()
