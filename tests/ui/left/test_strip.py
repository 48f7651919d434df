"""StripPane: chips, the popup, and what goes first when it becomes narrow."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import verbatim
from kefu_desk.presenters.status import Freshness, StripView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.panes.strip import StripPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FRESH = Freshness(verbatim("2 秒前"), Tone.GOOD, verbatim("数据正常"), (verbatim("最后一次成功 14:35:18"),))


def view(**fields: object) -> StripView:
    values: dict[str, object] = {
        "title": "鹿野生活馆",
        "presence": verbatim("在线"),
        "presence_tone": Tone.GOOD,
        "presence_hint": verbatim("微信会分给你客户"),
        "waiting": 7,
        "waiting_known": True,
        "longest": "≥6:12",
        "waiting_tone": Tone.LATE,
        "mine": 6,
        "unanswered": 3,
        "freshness": FRESH,
    }
    return StripView(**(values | fields))


@pytest.fixture
def pane(qtbot: QtBot, look: Any) -> StripPane:
    pane = StripPane(look.theme, look.icons)
    qtbot.addWidget(pane)
    pane.resize(1280, 44)
    pane.show()
    pane.activateWindow()
    qtbot.waitExposed(pane)
    return pane


def test_the_queue_chip_says_count_and_wait_and_opens_the_team_page(pane: StripPane, qtbot: QtBot) -> None:
    pane.render(view())
    assert pane.queue.accessibleName() == "待接入 7，最长等待 ≥6:12"
    with qtbot.waitSignal(pane.teamRequested):
        QTest.mouseClick(pane.queue, Qt.MouseButton.LeftButton)
    pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
    with qtbot.waitSignal(pane.teamRequested):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"waiting": 0, "longest": "", "waiting_tone": Tone.MUTED}, "待接入 0"),
        ({"waiting": 0, "longest": "", "waiting_known": False, "waiting_tone": Tone.MUTED}, "待接入 –"),
    ],
)
def test_a_calm_queue(pane: StripPane, fields: dict[str, object], name: str) -> None:
    pane.render(view(**fields))
    assert pane.queue.accessibleName() == name


def test_freshness_opens_a_popup_that_esc_closes_and_that_refreshes(pane: StripPane, qtbot: QtBot) -> None:
    pane.render(view())
    QTest.mouseClick(pane.freshness, Qt.MouseButton.LeftButton)
    assert pane.popup.isVisible()
    assert not pane.popup.isModal()
    assert "最后一次成功 14:35:18" in [label.text() for label in pane.popup.findChildren(QLabel)]
    QTest.keyClick(pane.popup, Qt.Key.Key_Escape)
    assert not pane.popup.isVisible()
    QTest.mouseClick(pane.freshness, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(pane.refreshRequested):
        QTest.mouseClick(pane.popup.refresh, Qt.MouseButton.LeftButton)
    assert not pane.popup.isVisible()


def test_presence_shows_its_hint(pane: StripPane) -> None:
    pane.render(view(presence=verbatim("未在线"), presence_tone=Tone.LATE))
    assert pane.presence.accessibleName() == "接待状态：未在线"
    assert pane.presence.accessibleDescription() == "微信会分给你客户"
    assert "微信会分给你客户" in pane.presence.toolTip()


def test_the_simulator_is_named(pane: StripPane) -> None:
    pane.render(view(simulated=True))
    assert pane._account.accessibleName() == "公众号：鹿野生活馆 模拟器"
    pane.render(view())
    assert "模拟器" not in pane._account.accessibleName()


@pytest.mark.parametrize("width", [1280, 960, 720])
@pytest.mark.parametrize("code", ["zh_CN", "en"])
def test_nothing_is_clipped_or_overlaps_when_narrow(
    pane: StripPane, look: Any, width: int, code: str
) -> None:
    look.speak(code)
    pane.render(
        view(title="一个名字特别特别长的公众号" * 3, simulated=True, waiting=1234, mine=88, unanswered=77)
    )
    pane.resize(width, 44)
    QApplication.sendPostedEvents()
    shown = pane.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    shown = sorted((w for w in shown if w.isVisible() and not w.isWindow()), key=lambda w: w.x())
    assert all(w.width() >= w.sizeHint().width() for w in shown)
    assert all(a.geometry().right() < b.x() for a, b in pairwise(shown))
    assert shown[-1].geometry().right() < width
    assert "1234" in pane.queue.text()


def test_freshness_keeps_its_room(pane: StripPane) -> None:
    pane.render(view(freshness=Freshness(verbatim("11 秒前"), Tone.GOOD)))
    wide = pane.freshness.sizeHint().width()
    pane.render(view(freshness=Freshness(verbatim("2 秒前"), Tone.GOOD)))
    assert pane.freshness.sizeHint().width() == wide


def test_nothing_is_unnamed_and_language_and_theme_change_in_place(
    pane: StripPane, look: Any, unnamed: Callable[[QWidget], list[str]]
) -> None:
    pane.render(view())
    widgets = pane.findChildren(QWidget)
    assert unnamed(pane) == []
    look.speak("en")
    assert pane.queue.text() == "Waiting 7 longest ≥6:12"
    assert pane._unanswered.text() == "Unanswered 3"
    look.theme.use("dark")
    assert pane.grab().toImage().pixelColor(2, 2).name().upper() == "#24272C"
    assert pane.findChildren(QWidget) == widgets
