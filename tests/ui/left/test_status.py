"""StatusPane: facts by key, and what goes when the window is narrow."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.status import StatusItem, StatusView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.panes.status import StatusPane


@pytest.fixture
def pane(qtbot: QtBot, look: Any) -> StatusPane:
    pane = StatusPane(look.theme, look.icons)
    qtbot.addWidget(pane)
    pane.resize(1280, 24)
    pane.show()
    qtbot.waitExposed(pane)
    return pane


def item(key: str, tone: Tone = Tone.MUTED) -> StatusItem:
    return StatusItem(key, "clock", verbatim(f"事实 {key} 一二三四"), tone, verbatim(f"解释 {key} <i>"))


def visible(pane: StatusPane) -> list[str]:
    return [key for key, widget in pane._items.items() if widget.isVisible()]


def test_facts_keep_their_widget_and_order(pane: StatusPane) -> None:
    pane.render(StatusView((item("a"), item("b")), verbatim("小陈")))
    first = pane._items["b"]
    pane.render(StatusView((item("b"), item("c"), item("a"))))
    assert list(pane._items) == ["b", "c", "a"]
    assert pane._items["b"] is first
    assert [pane._row.itemAt(n).widget() for n in range(3)] == list(pane._items.values())
    assert first.accessibleName() == "事实 b 一二三四"
    assert first.accessibleDescription() == "解释 b <i>"
    assert "<i>" not in first.toolTip()


def test_quiet_facts_go_first(pane: StatusPane) -> None:
    pane.render(StatusView((*map(item, "abc"), item("d", Tone.LATE)), verbatim("小陈 · kf2001@luye")))
    assert visible(pane) == ["a", "b", "c", "d"]
    pane.resize(420, 24)
    assert visible(pane) == ["a", "d"]
    pane.resize(60, 24)
    assert visible(pane) == []


def test_language_changes_in_place(pane: StatusPane, look: Any) -> None:
    pane.render(StatusView((StatusItem("s", "clock", text("sends.left", 3)),)))
    before = pane._items["s"]
    look.speak("en")
    assert pane._items["s"] is before
    assert before.text() == "3 sends left"
    look.theme.use("dark")
    assert pane.grab().toImage().pixelColor(600, 12).name().upper() == "#24272C"
