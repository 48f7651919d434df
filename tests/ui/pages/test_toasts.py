"""Notices stay in their corner, out of the way of the keyboard, and are said once."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.status import Toast
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.button import CopyButton, IconButton
from kefu_desk.ui.toasts import ToastCard, Toasts

DONE = Toast(1, verbatim("已接入 小林"), Tone.GOOD)
FAILED = Toast(2, verbatim("接入失败"), Tone.LATE, "65414 rid 1")


class Place(QWidget):
    """A window with two texts, one of them as the composer, and the notices over it."""

    def __init__(self, stage: Any) -> None:
        super().__init__()
        self.other, self.text = QPlainTextEdit(), QPlainTextEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.other)
        column.addWidget(self.text)
        self.toasts = Toasts(stage.theme, stage.icons, self)


@pytest.fixture
def place(stage: Any) -> Place:
    made = Place(stage)
    stage.show(made)
    made.text.setFocus()
    return made


@pytest.fixture
def render(place: Place) -> Callable[..., list[ToastCard]]:
    def show(*toasts: Toast) -> list[ToastCard]:
        place.toasts.render(toasts)
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents()
        return [card for card in place.toasts.findChildren(ToastCard) if card.isVisible()]

    return show


def test_they_lie_in_the_corner_and_follow_the_window(place: Place, render: Any) -> None:
    assert not place.toasts.isVisible()
    render(DONE, FAILED)
    for size in ((960, 600), (1280, 800), (300, 200)):
        place.resize(*size)
        QApplication.sendPostedEvents()
        corner = place.toasts.geometry().bottomRight()
        assert corner == QPoint(place.width() - 17, place.height() - 17)
        assert place.rect().contains(place.toasts.geometry())


def test_the_rest_of_the_window_stays_clickable(place: Place, render: Any) -> None:
    render(DONE)
    assert place.childAt(40, 40) is place.other.viewport()


def test_coming_going_and_clicking_leave_the_focus_where_it_was(
    place: Place, render: Any, qtbot: QtBot
) -> None:
    card = render(DONE, FAILED)[0]
    assert place.text.hasFocus()
    with qtbot.waitSignal(place.toasts.dismissRequested) as asked:
        qtbot.mouseClick(card.close_button, Qt.MouseButton.LeftButton)
    assert asked.args == [1]
    render(FAILED)
    assert place.text.hasFocus()
    render()
    assert place.text.hasFocus()
    assert not place.toasts.isVisible()


def test_the_keyboard_reaches_a_notice_closes_it_and_returns(place: Place, render: Any, qtbot: QtBot) -> None:
    place.text.setTabChangesFocus(True)
    render(DONE)
    qtbot.keyClick(place.text, Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert isinstance(focused, IconButton)
    assert focused.accessibleName() == "关闭提示"
    with qtbot.waitSignal(place.toasts.dismissRequested) as asked:
        qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert asked.args == [1]
    render()
    assert place.text.hasFocus()


def test_details_are_copied_whole(place: Place, render: Any, qtbot: QtBot) -> None:
    first, second = render(DONE, FAILED)
    assert not [b for b in first.findChildren(CopyButton) if b.isVisible()]
    copy = next(b for b in second.findChildren(CopyButton) if b.isVisible())
    with qtbot.waitSignal(place.toasts.detailsCopied):
        qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "65414 rid 1"
    assert place.text.hasFocus()


def test_a_new_notice_is_announced_once(place: Place, render: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    # the bus behind Qt's accessibility is not there offscreen, so the last call before it is watched
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    render(DONE)
    render(DONE, FAILED)
    render(FAILED)
    assert said == ["已接入 小林", "接入失败"]


def test_a_notice_changes_in_place(place: Place, render: Any) -> None:
    before = render(FAILED)
    after = render(Toast(2, verbatim("又失败了"), Tone.LATE))
    assert after == before
    assert after[0].accessibleName() == "又失败了"


def test_the_language_changes_and_every_control_has_a_name(
    place: Place, render: Any, stage: Any, unnamed: Any
) -> None:
    render(Toast(3, text("banner.vault"), Tone.SOON, "d"))
    assert unnamed(place.toasts) == []
    stage.speak("en")
    card = place.toasts.findChild(ToastCard)
    assert isinstance(card, ToastCard)
    assert card.accessibleName() == "Keyring not available, the secret is kept until exit"
    assert card.close_button.accessibleName() == "Dismiss"


def test_hostile_and_endless_words_stay_inside(place: Place, render: Any) -> None:
    render(Toast(4, verbatim("<script>" + "x" * 5000), Tone.PLAIN, "y" * 9000))
    assert place.rect().contains(place.toasts.geometry())
    assert not place.grab().isNull()
