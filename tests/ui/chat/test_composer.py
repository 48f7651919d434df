"""Sending, drafts and the reasons for which nothing is sent."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.composer import ComposerView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.button import Button
from kefu_desk.ui.grant_line import GrantLine
from kefu_desk.ui.panes.composer import Composer
from kefu_desk.ui.reply_edit import ReplyEdit
from kefu_desk.ui.send_button import SendButton
from tests.ui.chat.conftest import Desk, Look

ENTER = Qt.Key.Key_Return
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


HELD = ComposerView("lin", shown=True, grant=verbatim("还可发 3 条"), held=1)


def heard(signal: SignalInstance) -> list[tuple[str, ...]]:
    """What a signal of the composer says from now on."""
    out: list[tuple[str, ...]] = []
    signal.connect(lambda *said: out.append(said))
    return out


def anyway_button(composer: Composer) -> Button:
    return next(b for b in composer.findChildren(Button) if not isinstance(b, SendButton))


@pytest.fixture
def edit(desk: Desk) -> ReplyEdit:
    return desk.composer.findChild(ReplyEdit)


@pytest.fixture
def line(desk: Desk) -> GrantLine:
    return desk.composer.findChild(GrantLine)


@pytest.fixture
def sent(desk: Desk) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    desk.composer.submitted.connect(lambda key, words: out.append((key, words)))
    return out


@pytest.fixture
def drafts(desk: Desk) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    desk.composer.draftChanged.connect(lambda key, words: out.append((key, words)))
    return out


def test_enter_and_ctrl_enter_send_and_shift_enter_breaks_the_line(
    desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]]
) -> None:
    QTest.keyClicks(edit, "one")
    QTest.keyClick(edit, ENTER, SHIFT)
    QTest.keyClicks(edit, "two")
    assert sent == []
    QTest.keyClick(edit, ENTER)
    assert sent == [("lin", "one\ntwo")]
    desk.composer.clear_sent("lin", "one\ntwo")
    QTest.keyClicks(edit, "three")
    QTest.keyClick(edit, ENTER, CTRL)
    assert sent[1:] == [("lin", "three")]


def test_the_text_stays_until_it_is_stored_and_goes_out_once(
    desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]]
) -> None:
    edit.insertPlainText("退款已申请")
    for _ in range(3):
        QTest.keyClick(edit, ENTER)
    QTest.mouseClick(desk.composer.findChild(SendButton), Qt.MouseButton.LeftButton)
    assert sent == [("lin", "退款已申请")]
    assert desk.composer.text == "退款已申请"
    desk.composer.clear_sent("lin", "退款已申请")
    assert desk.composer.text == ""
    edit.insertPlainText("退款已申请")
    QTest.keyClick(edit, ENTER)
    assert len(sent) == 2, "the same words may be sent again later"


def test_a_text_that_was_changed_meanwhile_is_not_cleared(
    desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]]
) -> None:
    edit.insertPlainText("好的")
    QTest.keyClick(edit, ENTER)
    edit.insertPlainText("，请稍等")
    desk.composer.clear_sent(*sent[0])
    assert desk.composer.text == "好的，请稍等"
    QTest.keyClick(edit, ENTER)
    assert sent[1] == ("lin", "好的，请稍等")


def test_a_refusal_of_the_desk_is_shown_and_frees_the_text_every_time(
    desk: Desk, edit: ReplyEdit, line: GrantLine, sent: list[tuple[str, str]]
) -> None:
    edit.insertPlainText("好的")
    for number in range(3):
        QTest.keyClick(edit, ENTER)
        assert len(sent) == number + 1
        refusal = verbatim("磁盘已满，发送已暂停")  # equal words, but another refusal
        for _tick in range(2):
            desk.composer.render(ComposerView("lin", shown=True, refusal=refusal))
        assert line.said == "磁盘已满，发送已暂停"
        assert desk.composer.text == "好的"
    edit.insertPlainText("。")
    desk.composer.render(ComposerView("lin", shown=True, grant=verbatim("还可发 3 条"), refusal=refusal))
    assert line.said == "还可发 3 条", "the reason belonged to the text before"


def test_release_frees_a_text(desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]]) -> None:
    edit.insertPlainText("好的")
    QTest.keyClick(edit, ENTER)
    desk.composer.release("lin")
    QTest.keyClick(edit, ENTER)
    assert len(sent) == 2


def test_empty_and_long_texts_are_refused_with_the_reason_and_stay(
    desk: Desk, edit: ReplyEdit, line: GrantLine, sent: list[tuple[str, str]], look: Look
) -> None:
    edit.insertPlainText(" \n ")
    QTest.keyClick(edit, ENTER)
    assert sent == []
    empty = line.said
    assert empty not in {"", "还可发 3 条", "send.refused.empty"}
    edit.insertPlainText("字" * 683)
    assert line.said == "还可发 3 条", "typing takes the reason away"
    QTest.keyClick(edit, ENTER)
    assert sent == []
    assert "2048" in line.said
    assert desk.composer.text.count("字") == 683
    look.speak("en")
    assert "2048" in line.said
    assert line.said.isascii()


def test_why_sending_would_be_in_vain_is_said_and_the_button_parks_instead(
    desk: Desk, edit: ReplyEdit, line: GrantLine, sent: list[tuple[str, str]]
) -> None:
    button, parked = desk.composer.findChild(SendButton), heard(desk.composer.parkRequested)
    sends = button.text()
    desk.composer.render(ComposerView("lin", shown=True, blocked=verbatim("已超过 48 小时")))
    assert line.said == "已超过 48 小时"
    assert (button.accessibleDescription(), button.parks) == ("已超过 48 小时", True)
    assert button.text() != sends
    edit.insertPlainText("好的")
    QTest.keyClick(edit, ENTER)
    assert (sent, parked, desk.composer.text) == ([], [], "好的"), "Enter says why and does nothing else"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (sent, parked) == ([], [("lin", "好的")])
    assert edit.hasFocus()
    desk.composer.release("lin")
    desk.composer.render(ComposerView("lin", shown=True, grant=verbatim("还可发 5 条")))
    assert (button.text(), button.parks) == (sends, False)
    QTest.keyClick(edit, ENTER)
    assert sent == [("lin", "好的")]


def test_only_an_estimate_can_be_overruled(desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]]) -> None:
    anyway, overruled = anyway_button(desk.composer), heard(desk.composer.anywayRequested)
    blocked = ComposerView("lin", shown=True, blocked=verbatim("可能已用完"))
    for view in (blocked, ComposerView("lin", shown=True)):
        desk.composer.render(view)
        assert not anyway.isVisible()
    desk.composer.render(replace(blocked, overrule=True))
    assert anyway.isVisible()
    assert anyway.accessibleName()
    QTest.mouseClick(anyway, Qt.MouseButton.LeftButton)
    assert overruled == [], "there is nothing to send"
    edit.insertPlainText("好的")
    for _ in range(2):
        QTest.mouseClick(anyway, Qt.MouseButton.LeftButton)
    assert (sent, overruled) == ([], [("lin", "好的")])
    desk.composer.clear_sent("lin", "好的")
    assert desk.composer.text == ""


def test_a_reply_is_parked_once_and_not_when_empty(desk: Desk, edit: ReplyEdit, line: GrantLine) -> None:
    parked = heard(desk.composer.parkRequested)
    desk.composer.park()
    assert parked == []
    assert line.said != "还可发 3 条"
    edit.insertPlainText("明天答复您")
    desk.composer.park()
    desk.composer.park()
    assert parked == [("lin", "明天答复您")]
    desk.composer.clear_sent("lin", "明天答复您")
    assert desk.composer.text == ""


def test_bytes_are_counted_from_eighty_percent(edit: ReplyEdit, line: GrantLine) -> None:
    edit.insertPlainText("字" * 546)
    assert line.counted == ""
    edit.insertPlainText("a")
    assert line.counted == "1\u2009639 / 2\u2009048 字节"
    edit.insertPlainText("😀" * 150)
    assert line.counted.startswith("2\u2009239")


def test_lone_surrogates_and_control_characters_are_repaired(
    desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]]
) -> None:
    desk.composer.show_draft("he", "半个\ud83d表情\x00\x07\r\n下一行\u200d")
    desk.composer.render(ComposerView("he", shown=True))
    QTest.keyClick(edit, ENTER)
    assert sent == [("he", "半个\ufffd表情\n下一行\u200d")]
    sent[0][1].encode()
    desk.composer.clear_sent(*sent[0])
    assert desk.composer.text == ""


def test_every_customer_has_a_draft_of_his_own(
    desk: Desk, edit: ReplyEdit, drafts: list[tuple[str, str]], sent: list[tuple[str, str]]
) -> None:
    edit.insertPlainText("给小林")
    desk.composer.show_draft("he", "给何女士")
    assert drafts == [("lin", "给小林")]
    assert desk.composer.key == "he"
    assert not edit.document().isUndoAvailable(), "undo must not bring back another customer's words"
    QTest.keyClick(edit, ENTER)
    assert sent == [], "the view still shows another customer"
    desk.composer.render(ComposerView("he", shown=True))
    QTest.keyClick(edit, ENTER)
    assert sent == [("he", "给何女士")]
    desk.composer.show_draft("lin", "给小林")
    assert drafts == [("lin", "给小林")], "what was told is not told again"


def test_a_draft_is_told_half_a_second_after_the_last_key(
    desk: Desk, edit: ReplyEdit, drafts: list[tuple[str, str]], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(desk.composer.draftChanged, timeout=3000):
        QTest.keyClicks(edit, "abc")
        assert drafts == []
    assert drafts == [("lin", "abc")]
    assert desk.composer._pause.interval() == 500
    QTest.keyClicks(edit, "d")
    desk.composer.flush_draft()
    assert drafts[1:] == [("lin", "abcd")]
    desk.composer.flush_draft()
    assert len(drafts) == 2


def test_a_send_that_is_stored_after_the_switch_takes_its_draft_along(
    desk: Desk, edit: ReplyEdit, drafts: list[tuple[str, str]], sent: list[tuple[str, str]]
) -> None:
    edit.insertPlainText("好的")
    QTest.keyClick(edit, ENTER)
    desk.composer.show_draft("he", "")
    desk.composer.clear_sent(*sent[0])
    assert drafts == [("lin", "好的"), ("lin", "")]
    assert desk.composer.text == ""


def test_coming_back_before_it_is_stored_does_not_allow_a_second_send(
    desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]]
) -> None:
    edit.insertPlainText("好的")
    QTest.keyClick(edit, ENTER)
    desk.composer.show_draft("he", "")
    desk.composer.show_draft("lin", "好的")
    QTest.keyClick(edit, ENTER)
    assert sent == [("lin", "好的")]


def test_the_box_grows_from_three_lines_to_two_fifths_of_the_pane(
    desk: Desk, edit: ReplyEdit, qtbot: QtBot
) -> None:
    assert edit.height() == 66
    edit.insertPlainText("一行\n" * 4)
    qtbot.waitUntil(lambda: edit.height() == 110)
    edit.insertPlainText("一行\n" * 60)
    qtbot.waitUntil(lambda: desk.composer.height() == int(620 * 0.4))
    desk.pane.resize(660, 500)
    qtbot.waitUntil(lambda: desk.composer.height() == 200)
    desk.composer.show_draft("lin", "")
    qtbot.waitUntil(lambda: edit.height() == 66)


def test_a_held_enter_sends_once(desk: Desk, edit: ReplyEdit, sent: list[tuple[str, str]]) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    edit.insertPlainText("好")
    QTest.keyClick(edit, ENTER)
    desk.composer.clear_sent("lin", "好")
    edit.insertPlainText("还没写完")
    repeat = QKeyEvent(QEvent.Type.KeyPress, ENTER, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(edit, repeat)
    assert len(sent) == 1


def test_names_and_words_follow_the_language(
    desk: Desk, edit: ReplyEdit, line: GrantLine, look: Look
) -> None:
    desk.composer.render(ComposerView("lin", shown=True, grant=text("sends.left", 3), grant_tone=Tone.SOON))
    chinese = (edit.accessibleName(), desk.composer.findChild(SendButton).text(), line.accessibleName())
    look.speak("en")
    english = (edit.accessibleName(), desk.composer.findChild(SendButton).text(), line.accessibleName())
    assert all(chinese)
    assert all(word.isascii() and word for word in english)


def test_a_render_costs_the_text_box_nothing(
    desk: Desk, edit: ReplyEdit, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[str] = []
    for name in ("setEnabled", "setReadOnly", "hide", "setVisible", "setFocus", "setPlainText", "clear"):
        monkeypatch.setattr(edit, name, lambda *_a, name=name: touched.append(name))
    edit.insertPlainText("写到一半")
    build: Callable[[int], ComposerView] = lambda n: ComposerView(  # noqa: E731
        "lin", shown=True, grant=verbatim(str(n)), ring=n / 10, blocked=verbatim("断开") if n % 2 else None
    )
    for number in range(10):
        desk.composer.render(build(number))
    assert touched == []
    assert desk.composer.text == "写到一半"
