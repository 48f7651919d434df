"""The must-pass list for input methods, with the events that an input method sends."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QInputMethodQueryEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import verbatim
from kefu_desk.presenters.composer import ComposerView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.reply_edit import PASTE_LIMIT, ReplyEdit
from tests.ui.chat.conftest import Desk

Compose = Callable[..., None]
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def edit(desk: Desk) -> ReplyEdit:
    return desk.composer.findChild(ReplyEdit)


@pytest.fixture
def sent(desk: Desk) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    desk.composer.submitted.connect(lambda key, words: out.append((key, words)))
    return out


def preedit_of(edit: ReplyEdit) -> str:
    return edit.textCursor().block().layout().preeditAreaText()


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (Key.Key_Return, NONE),
        (Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier),
        (Key.Key_Return, CTRL),
        (Key.Key_Return, SHIFT),
        (Key.Key_Escape, NONE),
        (Key.Key_Up, NONE),
        (Key.Key_Down, NONE),
        (Key.Key_Tab, NONE),
        (Key.Key_Backtab, SHIFT),
        (Key.Key_Slash, NONE),
        (Key.Key_Backspace, NONE),
    ],
)
def test_1_keys_that_reach_the_editor_while_composing_do_nothing(
    edit: ReplyEdit, sent: list[tuple[str, str]], compose: Compose, key: Key, held: Qt.KeyboardModifier
) -> None:
    edit.insertPlainText("已写")
    compose(edit, "ni hao")
    QTest.keyClick(edit, key, held)
    assert sent == []
    assert edit.toPlainText() == "已写"
    assert preedit_of(edit) == "ni hao"
    assert edit.hasFocus()
    compose(edit, "", "你好")
    assert edit.toPlainText() == "已写你好"


def test_1_shortcuts_of_the_window_wait_for_the_composition(
    desk: Desk, edit: ReplyEdit, compose: Compose
) -> None:
    taken: list[str] = []
    for keys in ("Ctrl+J", "Alt+Down", "Ctrl+E", "F6"):
        QShortcut(QKeySequence(keys), desk.pane).activated.connect(lambda keys=keys: taken.append(keys))
    compose(edit, "ni")
    QTest.keyClick(edit, Key.Key_J, CTRL)
    QTest.keyClick(edit, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(edit, Key.Key_E, CTRL)
    QTest.keyClick(edit, Key.Key_F6)
    assert taken == []
    assert preedit_of(edit) == "ni"
    compose(edit, "", "你")
    QTest.keyClick(edit, Key.Key_J, CTRL)
    assert taken == ["Ctrl+J"]


def test_2_the_first_enter_after_a_commit_sends(
    edit: ReplyEdit, sent: list[tuple[str, str]], compose: Compose
) -> None:
    compose(edit, "ni hao")
    compose(edit, "", "你好")
    QTest.keyClick(edit, Key.Key_Return)
    assert sent == [("lin", "你好")]


def test_2_a_cancelled_composition_leaves_enter_free(
    edit: ReplyEdit, sent: list[tuple[str, str]], compose: Compose
) -> None:
    edit.insertPlainText("在")
    compose(edit, "ni")
    compose(edit, "")
    QTest.keyClick(edit, Key.Key_Return)
    assert sent == [("lin", "在")]


def test_3_the_send_button_commits_first(
    desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]], compose: Compose
) -> None:
    edit.insertPlainText("好的，")
    compose(edit, "mashang")
    button = desk.composer.findChild(type(desk.composer._send))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert sent == [("lin", "好的，mashang")]
    assert preedit_of(edit) == ""
    assert edit.hasFocus()


def test_4_nothing_that_happens_elsewhere_touches_a_composition(
    desk: Desk, edit: ReplyEdit, compose: Compose
) -> None:
    edit.insertPlainText("好")
    compose(edit, "ni hao")
    same = id(desk.composer.findChild(ReplyEdit))
    for number in range(20):
        desk.composer.render(
            ComposerView(
                "lin",
                shown=number % 2 == 0,
                grant=verbatim(f"还可发 {number} 条"),
                grant_tone=Tone.SOON,
                blocked=verbatim("网络已断开") if number % 3 else None,
                refusal=verbatim("磁盘已满") if number % 5 == 0 else None,
            )
        )
        desk.show_rows([])
        desk.pane.resize(660 - number, 620 - number)
        QApplication.sendPostedEvents()
    assert preedit_of(edit) == "ni hao"
    assert edit.toPlainText() == "好"
    assert edit.hasFocus()
    assert edit.isVisible()
    assert edit.isEnabled()
    assert not edit.isReadOnly()
    assert id(desk.composer.findChild(ReplyEdit)) == same


def test_4_a_composer_that_is_to_go_waits_for_the_composition(
    desk: Desk, edit: ReplyEdit, compose: Compose
) -> None:
    compose(edit, "ni")
    desk.composer.render(ComposerView("lin", shown=False))
    assert desk.composer.isVisible()
    compose(edit, "", "你")
    assert not desk.composer.isVisible()


def test_4_a_stored_send_does_not_clear_under_a_composition(
    desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]], compose: Compose
) -> None:
    edit.insertPlainText("第一句")
    QTest.keyClick(edit, Key.Key_Return)
    compose(edit, "di er")
    desk.composer.clear_sent(*sent[0])
    assert preedit_of(edit) == "di er"
    compose(edit, "", "第二句")
    assert edit.toPlainText() == "第二句"


def test_5_the_candidate_window_follows_the_cursor(desk: Desk, edit: ReplyEdit, qtbot: QtBot) -> None:
    def asked() -> object:
        event = QInputMethodQueryEvent(Qt.InputMethodQuery.ImCursorRectangle)
        QApplication.sendEvent(edit, event)
        return event.value(Qt.InputMethodQuery.ImCursorRectangle)

    told: list[object] = []

    def tell() -> None:
        told.append(None)

    QGuiApplication.inputMethod().cursorRectangleChanged.connect(tell)
    edit.insertPlainText("四、丢件赔付：快递确认丢件后，我们先行退款，不需要您等待。" * 6)
    before = asked()
    told.clear()
    desk.pane.resize(480, 620)
    QApplication.sendPostedEvents()
    assert asked() != before
    assert told
    edit.insertPlainText("行\n" * 40)
    edit.ensureCursorVisible()
    before = asked()
    told.clear()
    edit.verticalScrollBar().setValue(edit.verticalScrollBar().value() - 5)
    assert asked() != before
    assert told
    QGuiApplication.inputMethod().cursorRectangleChanged.disconnect(tell)


def test_6_autosave_ignores_the_composition_and_leaves_it_alone(
    desk: Desk, edit: ReplyEdit, compose: Compose, qtbot: QtBot
) -> None:
    edit.insertPlainText("您好")
    compose(edit, "qing")
    with qtbot.waitSignal(desk.composer.draftChanged, timeout=3000) as saved:
        pass
    assert saved.args == ["lin", "您好"]
    assert preedit_of(edit) == "qing"
    edit.undo()
    assert edit.toPlainText() == "", "autosave must not lose the undo history"


def test_7_switching_commits_into_the_old_draft(desk: Desk, edit: ReplyEdit, compose: Compose) -> None:
    drafts: list[tuple[str, str]] = []
    desk.composer.draftChanged.connect(lambda key, words: drafts.append((key, words)))
    edit.insertPlainText("好的，")
    compose(edit, "mashang")
    desk.composer.show_draft("he", "何女士的草稿")
    assert drafts == [("lin", "好的，mashang")]
    assert edit.toPlainText() == "何女士的草稿"
    assert preedit_of(edit) == ""
    compose(edit, "", "")
    assert edit.toPlainText() == "何女士的草稿"


def test_8_pasting_keeps_the_undo_history(edit: ReplyEdit) -> None:
    edit.insertPlainText("一")
    data = QMimeData()
    data.setText("二")
    edit.insertFromMimeData(data)
    assert edit.toPlainText() == "一二"
    edit.undo()
    assert edit.toPlainText() == "一"
    edit.undo()
    assert edit.toPlainText() == ""


def test_a_failed_text_put_back_into_the_box_can_be_undone(desk: Desk, edit: ReplyEdit) -> None:
    edit.insertPlainText("写到一半")
    desk.composer.put_back("lin", "未发送的那句", wanted=True)
    assert edit.toPlainText() == "写到一半\n未发送的那句"
    edit.undo()
    assert edit.toPlainText() == "写到一半"


def test_rich_text_files_and_control_characters(edit: ReplyEdit) -> None:
    rich = QMimeData()
    rich.setHtml("<b>退款</b> 399 元")
    rich.setText("<b>退款</b>\x00 399\x07 元\r\n第二行\u202819")
    edit.insertFromMimeData(rich)
    assert edit.toPlainText() == "<b>退款</b> 399 元\n第二行\n19"
    edit.clear()
    only_rich = QMimeData()
    only_rich.setHtml("<p>你好</p><p>再见</p>")
    assert edit.canInsertFromMimeData(only_rich)
    edit.insertFromMimeData(only_rich)
    assert edit.toPlainText() == "你好\n再见"
    file = QMimeData()
    file.setUrls([QUrl("file:///a.png")])
    assert not edit.canInsertFromMimeData(file)


def test_a_huge_paste_is_cut_and_said_so(desk: Desk, edit: ReplyEdit) -> None:
    data = QMimeData()
    data.setText("长" * (PASTE_LIMIT + 5))
    edit.insertFromMimeData(data)
    assert len(edit.toPlainText()) == PASTE_LIMIT
    assert "20000" in desk.composer._grant.said
