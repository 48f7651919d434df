"""A question is answered exactly once, whatever happens to it."""

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import verbatim
from kefu_desk.ui.button import Button
from kefu_desk.ui.dialogs.ask import Question, ask

EVIL = "<b>小林</b>\n" + "w" * 300


class Asked:
    """An open question over a window, and its answers so far."""

    def __init__(self, stage: Any, *, danger: bool) -> None:
        self.answers: list[bool] = []
        self.parent = QWidget()
        stage.show(self.parent)
        self.dialog = ask(
            stage.theme,
            stage.icons,
            self.parent,
            self.answers.append,
            title=verbatim("结束会话"),
            question=verbatim(EVIL),
            confirm=verbatim("结束"),
            cancel=verbatim("取消"),
            danger=danger,
        )
        self.dialog.activateWindow()
        stage.qtbot.waitUntil(self.dialog.isActiveWindow)

    def button(self, words: str) -> Button:
        return next(b for b in self.dialog.findChildren(Button) if b.text() == words)


@pytest.fixture
def asked(stage: Any) -> Asked:
    return Asked(stage, danger=False)


def test_it_blocks_its_window_only_and_returns_at_once(asked: Asked) -> None:
    assert asked.dialog.windowModality() is Qt.WindowModality.WindowModal
    assert asked.answers == []


@pytest.mark.parametrize(("words", "answer"), [("结束", True), ("取消", False)])
def test_a_click_answers(asked: Asked, qtbot: QtBot, words: str, answer: bool) -> None:
    qtbot.mouseClick(asked.button(words), Qt.MouseButton.LeftButton)
    assert asked.answers == [answer]


def test_enter_means_yes_and_esc_means_no(stage: Any, qtbot: QtBot) -> None:
    for key, answer in ((Qt.Key.Key_Return, True), (Qt.Key.Key_Escape, False)):
        asked = Asked(stage, danger=False)
        qtbot.keyClick(asked.dialog, key)
        assert asked.answers == [answer]


def test_enter_means_no_when_yes_is_dangerous(stage: Any, qtbot: QtBot) -> None:
    asked = Asked(stage, danger=True)
    focused = QApplication.focusWidget()
    assert focused is asked.button("取消")
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    assert asked.answers == [False]


def test_a_closing_parent_means_no(asked: Asked) -> None:
    asked.parent.close()
    assert asked.answers == [False]
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert asked.answers == [False]


def test_a_destroyed_parent_means_no(stage: Any) -> None:
    asked = Asked(stage, danger=False)
    asked.dialog.setParent(None)
    asked.dialog.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert asked.answers == [False]


def test_the_dialog_deletes_itself_after_its_one_answer(asked: Asked, qtbot: QtBot) -> None:
    gone: list[bool] = []
    asked.dialog.destroyed.connect(lambda _dialog: gone.append(True))
    qtbot.mouseClick(asked.button("结束"), Qt.MouseButton.LeftButton)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone == [True]
    assert asked.answers == [True]


def test_a_coroutine_awaits_it_with_a_future(stage: Any, qtbot: QtBot) -> None:
    async def close() -> bool:
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        asked = Asked(stage, danger=False)
        asked.dialog.answered.connect(done.set_result)
        asyncio.get_running_loop().call_soon(asked.dialog.accept)
        return await done

    assert asyncio.run(close())


def test_words_stay_plain_wrap_and_are_spoken(asked: Asked) -> None:
    labels = asked.dialog.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert asked.dialog.width() <= 480
    assert asked.dialog.accessibleDescription() == EVIL
    assert asked.dialog.windowTitle() == "结束会话"


def test_answered_is_emitted_once(stage: Any, qtbot: QtBot) -> None:
    words = verbatim("x")
    dialog = Question(
        stage.theme, stage.icons, None, title=words, question=words, confirm=words, cancel=words
    )
    stage.keep(dialog)
    answers: list[bool] = []
    dialog.answered.connect(answers.append)
    dialog.open()
    dialog.accept()
    dialog.reject()
    dialog.close()
    assert answers == [True]
