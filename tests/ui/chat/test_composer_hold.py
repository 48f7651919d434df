"""A line on hold: its two keys, the words that come back, and an input method that has the box."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.composer import ComposerView
from kefu_desk.ui.label import Label
from kefu_desk.ui.reply_edit import ReplyEdit
from tests.ui.chat.conftest import Desk, Look
from tests.ui.chat.test_composer import CTRL, ENTER, HELD, heard

Z = Qt.Key.Key_Z


@pytest.fixture
def edit(desk: Desk) -> ReplyEdit:
    return desk.composer.findChild(ReplyEdit)


@pytest.fixture
def told(desk: Desk) -> dict[str, list[tuple[str, ...]]]:
    """What the composer asks for."""
    names = ("submitted", "releaseRequested", "undoRequested", "draftChanged")
    return {name: heard(getattr(desk.composer, name)) for name in names}


def hint(desk: Desk) -> str:
    return next(
        label for label in desk.composer.findChildren(Label) if label.property("role") == "meta"
    ).text()


def test_enter_in_the_empty_box_sends_the_held_line_at_once(
    desk: Desk, edit: ReplyEdit, told: dict[str, list[tuple[str, ...]]]
) -> None:
    desk.composer.render(HELD)
    QTest.keyClick(edit, ENTER)
    assert told["releaseRequested"] == [("lin",)]
    edit.insertPlainText("第二行")
    QTest.keyClick(edit, ENTER)
    assert (told["releaseRequested"], told["submitted"]) == ([("lin",)], [("lin", "第二行")])


def test_undo_in_the_empty_box_takes_the_held_line_back_and_else_edits(
    desk: Desk, edit: ReplyEdit, told: dict[str, list[tuple[str, ...]]]
) -> None:
    QTest.keyClick(edit, Z, CTRL)
    assert told["undoRequested"] == [], "nothing is held"
    desk.composer.render(HELD)
    QTest.keyClicks(edit, "typed")
    QTest.keyClick(edit, Z, CTRL)
    assert desk.composer.text != "typed"
    assert told["undoRequested"] == [], "the editor's own undo"
    assert desk.composer.text == ""
    QTest.keyClick(edit, Z, CTRL)
    assert told["undoRequested"] == [("lin",)]
    repeat = QKeyEvent(QEvent.Type.KeyPress, Z, CTRL, "\x1a", True)
    QApplication.sendEvent(edit, repeat)
    assert len(told["undoRequested"]) == 1, "a key held down"


def test_while_an_input_method_composes_neither_key_does_anything(
    desk: Desk, edit: ReplyEdit, compose: Callable[..., None], told: dict[str, list[tuple[str, ...]]]
) -> None:
    desk.composer.render(HELD)
    compose(edit, preedit="nihao")
    for key, modifier in ((ENTER, Qt.KeyboardModifier.NoModifier), (ENTER, CTRL), (Z, CTRL)):
        QTest.keyClick(edit, key, modifier)
    assert edit.composing
    assert (told["submitted"], told["releaseRequested"], told["undoRequested"]) == ([], [], [])
    compose(edit, commit="你好")
    assert desk.composer.text == "你好"
    QTest.keyClick(edit, ENTER)
    assert told["submitted"] == [("lin", "你好")]


def test_the_keys_are_told_while_something_is_held(desk: Desk, edit: ReplyEdit, look: Look) -> None:
    usual = hint(desk)
    desk.composer.render(HELD)
    held = hint(desk)
    assert "Ctrl+Z" in held
    assert "Enter" in held
    edit.insertPlainText("再写一行")
    assert hint(desk) not in {usual, held}
    look.speak("en")
    assert "joins" in hint(desk)
    desk.composer.render(ComposerView("lin", shown=True))
    look.speak("zh_CN")
    assert hint(desk) == usual


def test_words_that_come_back_stand_behind_what_is_written(
    desk: Desk, edit: ReplyEdit, told: dict[str, list[tuple[str, ...]]]
) -> None:
    edit.insertPlainText("正在写")
    desk.pane.messages.setFocus()
    desk.composer.put_back("lin", "停放的话", wanted=False)
    assert desk.composer.text == "正在写\n停放的话"
    assert edit.textCursor().position() == 3, "the next letter goes where the agent was writing"
    assert not edit.hasFocus(), "the focus never moves because of data"
    assert told["draftChanged"][-1] == ("lin", "正在写\n停放的话")
    desk.composer.put_back("lin", "撤销的话", wanted=True)
    assert desk.composer.text == "正在写\n停放的话\n撤销的话"
    assert edit.textCursor().atEnd()
    assert edit.hasFocus()
    desk.composer.put_back("he", "别人的话", wanted=True)
    assert "别人的话" not in desk.composer.text


def test_undo_does_not_take_away_what_came_back_into_the_empty_box(desk: Desk, edit: ReplyEdit) -> None:
    desk.composer.render(HELD)
    desk.composer.put_back("lin", "刚才那条", wanted=True)
    desk.composer.render(ComposerView("lin", shown=True))
    QTest.keyClick(edit, Z, CTRL)
    assert desk.composer.text == "刚才那条"
    assert edit.textCursor().atEnd()


def test_words_that_come_back_wait_for_the_input_method(
    desk: Desk, edit: ReplyEdit, compose: Callable[..., None], told: dict[str, list[tuple[str, ...]]]
) -> None:
    edit.insertPlainText("您")
    compose(edit, preedit="hao")
    desk.composer.put_back("lin", "停放的话", wanted=False)
    assert edit.composing, "the composition is left alone"
    assert desk.composer.text == "您"
    compose(edit, commit="好")
    assert desk.composer.text == "您好\n停放的话"
    compose(edit, preedit="zai")
    desk.composer.put_back("lin", "又一条", wanted=False)
    desk.composer.show_draft("he", "")
    assert "又一条" in told["draftChanged"][-1][1]
    assert desk.composer.text == ""


def test_words_that_come_back_while_a_text_is_being_stored_come_after_it(desk: Desk, edit: ReplyEdit) -> None:
    edit.insertPlainText("好的")
    QTest.keyClick(edit, ENTER)
    desk.composer.put_back("lin", "停放的话", wanted=False)
    assert desk.composer.text == "好的"
    desk.composer.clear_sent("lin", "好的")
    assert desk.composer.text == "停放的话"
    QTest.keyClick(edit, ENTER)
    desk.composer.put_back("lin", "第二条", wanted=False)
    desk.composer.render(ComposerView("lin", shown=True, refusal=verbatim("磁盘已满")))
    assert desk.composer.text == "停放的话\n第二条", "what was refused stays"


def test_a_render_with_a_held_line_costs_the_text_box_nothing(
    desk: Desk, edit: ReplyEdit, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[str] = []
    for name in ("setEnabled", "setReadOnly", "hide", "setVisible", "setFocus", "setPlainText", "clear"):
        monkeypatch.setattr(edit, name, lambda *_a, name=name: touched.append(name))
    for blocked in (None, text("composer.grant.used")):
        for held in range(3):
            desk.composer.render(ComposerView("lin", shown=True, held=held, blocked=blocked, overrule=True))
    assert touched == []
