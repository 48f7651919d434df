"""The reader's place, links by mouse and keyboard, copying, and texts that mean harm."""

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import verbatim
from kefu_desk.presenters.timeline import ChatView, RowAction, RowKind, Side, TimelineRow
from kefu_desk.ui.jump_pill import JumpPill
from kefu_desk.ui.message_list import MessageList
from tests.ui.chat.conftest import Desk, Look, header

Bubble = Callable[..., TimelineRow]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def many(bubble: Bubble, first: int, last: int) -> list[TimelineRow]:
    return [bubble(f"m{n}", f"第 {n} 条消息，" * (1 + n % 7)) for n in range(first, last)]


def top_of(messages: MessageList, key: str) -> int:
    return messages.visualRect(messages.rows.index(messages.rows.row_of(key))).top()


def first_visible(messages: MessageList) -> str:
    return messages.rows.at(messages.indexAt(QPoint(5, 0)).row()).key


def pill(messages: MessageList) -> JumpPill:
    return messages.findChild(JumpPill)


@pytest.fixture
def messages(desk: Desk) -> MessageList:
    out = desk.pane.messages
    QAbstractItemModelTester(out.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, out)
    return out


def test_a_conversation_opens_at_its_newest_message(
    desk: Desk, messages: MessageList, bubble: Bubble
) -> None:
    desk.show_rows(many(bubble, 0, 100))
    bar = messages.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    bar.setValue(0)
    desk.show_rows(many(bubble, 200, 300), key="he")
    assert bar.value() == bar.maximum() > 0
    assert pill(messages).isHidden()


def test_few_messages_lie_at_the_bottom(desk: Desk, messages: MessageList, bubble: Bubble) -> None:
    desk.show_rows([bubble("a"), bubble("b")])
    last = messages.visualRect(messages.rows.index(1))
    assert last.bottom() + 1 == messages.viewport().height()
    assert messages.indexAt(last.center()).row() == 1
    assert not messages.indexAt(QPoint(30, 5)).isValid()


def test_new_messages_are_followed_near_the_end(desk: Desk, messages: MessageList, bubble: Bubble) -> None:
    desk.show_rows(many(bubble, 0, 100))
    bar = messages.verticalScrollBar()
    bar.setValue(bar.maximum() - 119)
    desk.show_rows(many(bubble, 0, 101))
    assert bar.value() == bar.maximum()
    assert pill(messages).isHidden()


def test_further_up_the_place_stays_and_the_pill_counts(
    desk: Desk, messages: MessageList, bubble: Bubble
) -> None:
    desk.show_rows(many(bubble, 0, 100))
    bar = messages.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    key, top = first_visible(messages), top_of(messages, first_visible(messages))
    assert pill(messages).isVisible()
    assert pill(messages).text() == "回到最新"
    desk.show_rows([*many(bubble, 0, 103), bubble("mine", side=Side.OUT)])
    assert top_of(messages, key) == top
    assert pill(messages).text() == "3 条新消息", "my own message is not news"
    QTest.mouseClick(pill(messages), LEFT)
    QTest.qWait(250)
    assert bar.value() == bar.maximum()
    assert pill(messages).isHidden()
    assert messages.unseen == 0


def test_rows_above_may_change_and_go_without_moving_the_text(
    desk: Desk, messages: MessageList, bubble: Bubble
) -> None:
    desk.show_rows(many(bubble, 50, 150))
    bar = messages.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    key, top = first_visible(messages), top_of(messages, first_visible(messages))
    desk.show_rows(many(bubble, 0, 150))
    assert top_of(messages, key) == top
    desk.show_rows([bubble("m0", "短"), *many(bubble, 30, 150)])
    assert top_of(messages, key) == top
    gone = [row for row in many(bubble, 30, 150) if row.key != key]
    below = messages.rows.at(messages.rows.row_of(key) + 1).key
    place = top_of(messages, below)
    desk.show_rows(gone)
    assert top_of(messages, below) == place, "the next row is the anchor when the first one goes"


@pytest.mark.parametrize("size", [(480, 620), (900, 620), (660, 400), (660, 800)])
def test_resizing_keeps_the_end_or_the_place(
    desk: Desk, messages: MessageList, bubble: Bubble, size: tuple[int, int]
) -> None:
    desk.show_rows(many(bubble, 0, 100))
    bar = messages.verticalScrollBar()
    desk.pane.resize(*size)
    QApplication.sendPostedEvents()
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() // 2)
    key, top = first_visible(messages), top_of(messages, first_visible(messages))
    desk.pane.resize(660, 620)
    QApplication.sendPostedEvents()
    assert top_of(messages, key) == top


def test_a_growing_reply_box_does_not_hide_the_newest_message(
    desk: Desk, messages: MessageList, bubble: Bubble, qtbot: QtBot
) -> None:
    desk.show_rows(many(bubble, 0, 100))
    before = messages.height()
    desk.composer.show_draft("lin", "一行\n" * 8)
    qtbot.waitUntil(lambda: messages.height() < before)
    assert messages.verticalScrollBar().value() == messages.verticalScrollBar().maximum()


def test_following_the_end_after_an_own_reply(desk: Desk, messages: MessageList, bubble: Bubble) -> None:
    desk.show_rows(many(bubble, 0, 100))
    messages.verticalScrollBar().setValue(0)
    desk.pane.follow_end()
    assert messages.is_at_end()


def test_links_by_mouse(desk: Desk, messages: MessageList, bubble: Bubble, failed: TimelineRow) -> None:
    asked: list[tuple[str, str]] = []
    desk.pane.actionRequested.connect(lambda key, name: asked.append((key, name)))
    desk.show_rows([*many(bubble, 0, 30), failed])
    edit = messages.place_of("failed", "edit").center()
    resend = messages.place_of("failed", "resend").center()
    QTest.mouseMove(messages.viewport(), edit)
    QTest.mouseClick(messages.viewport(), LEFT, pos=edit)
    assert asked == [("failed", "edit")]
    QTest.mousePress(messages.viewport(), LEFT, pos=resend)
    QTest.mouseRelease(messages.viewport(), LEFT, pos=edit)
    assert asked == [("failed", "edit")], "released on another link"
    QTest.mouseClick(messages.viewport(), LEFT, pos=resend - QPoint(0, 40))
    assert len(asked) == 1
    QTest.mouseClick(messages.viewport(), LEFT, pos=resend)
    assert asked[1] == ("failed", "resend")


def test_links_by_keyboard(desk: Desk, messages: MessageList, bubble: Bubble, failed: TimelineRow) -> None:
    asked: list[tuple[str, str]] = []
    desk.pane.actionRequested.connect(lambda key, name: asked.append((key, name)))
    desk.show_rows([*many(bubble, 0, 3), failed])
    desk.pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert messages.hasFocus()
    assert messages.currentIndex().row() == 3
    QTest.keyClick(messages, Key.Key_Return)
    assert asked == []
    QTest.keyClick(messages, Key.Key_Tab)
    QTest.keyClick(messages, Key.Key_Return)
    QTest.keyClick(messages, Key.Key_Tab)
    QTest.keyClick(messages, Key.Key_Space)
    assert asked == [("failed", "resend"), ("failed", "edit")]
    QTest.keyClick(messages, Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(messages, Key.Key_Return)
    assert asked[2:] == [("failed", "resend")]
    QTest.keyClick(messages, Key.Key_Tab)
    QTest.keyClick(messages, Key.Key_Tab)
    assert not messages.hasFocus(), "after the last link the focus goes on"


def test_a_link_that_vanishes_loses_the_focus_ring(
    desk: Desk, messages: MessageList, failed: TimelineRow, bubble: Bubble
) -> None:
    asked: list[tuple[str, str]] = []
    desk.pane.actionRequested.connect(lambda key, name: asked.append((key, name)))
    desk.show_rows([failed])
    messages.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(messages, Key.Key_Tab)
    desk.show_rows([bubble("failed", "退款已申请", Side.OUT)])
    QTest.keyClick(messages, Key.Key_Return)
    assert asked == []


def test_a_card_opens_by_its_own_link(desk: Desk, messages: MessageList) -> None:
    asked: list[tuple[str, str]] = []
    desk.pane.actionRequested.connect(lambda key, name: asked.append((key, name)))
    card = TimelineRow(
        "card",
        RowKind.CARD,
        words=verbatim("客户发来图片"),
        more=verbatim("接口不提供原图"),
        icon="image",
        meta="14:33",
        actions=(RowAction("open_mpkf", verbatim("在 mpkf 打开")),),
        sentence=(verbatim("客户，14:33，图片"),),
    )
    desk.show_rows([card])
    place = messages.place_of("card", "open_mpkf")
    assert place.height() >= 28
    QTest.mouseClick(messages.viewport(), LEFT, pos=place.center())
    assert asked == [("card", "open_mpkf")]


def test_copying_a_row_or_marked_words(desk: Desk, messages: MessageList, bubble: Bubble) -> None:
    clipboard = QGuiApplication.clipboard()
    desk.show_rows([bubble("a", "订单 2511 1504\n<b>急</b>"), bubble("b", "好的")])
    messages.setFocus(Qt.FocusReason.TabFocusReason)
    messages.setCurrentIndex(messages.rows.index(0))
    QTest.keyClick(messages, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "订单 2511 1504\n<b>急</b>"
    row = messages.visualRect(messages.rows.index(0))
    start = row.topLeft() + QPoint(20 + 12, 18)
    QTest.mousePress(messages.viewport(), LEFT, pos=start)
    QTest.mouseMove(messages.viewport(), start + QPoint(400, 0))
    QTest.mouseRelease(messages.viewport(), LEFT, pos=start + QPoint(400, 0))
    assert messages.marked_words() == "订单 2511 1504"
    QTest.keyClick(messages, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "订单 2511 1504"
    QTest.mouseDClick(messages.viewport(), LEFT, pos=start + QPoint(45, 0))
    assert messages.marked_words() == "2511"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_copies_and_offers_the_links(desk: Desk, messages: MessageList, failed: TimelineRow) -> None:
    asked: list[tuple[str, str]] = []
    desk.pane.actionRequested.connect(lambda key, name: asked.append((key, name)))
    desk.show_rows([failed])
    messages.setFocus(Qt.FocusReason.TabFocusReason)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), messages.mapToGlobal(QPoint()))
    QApplication.sendEvent(messages.viewport(), event)
    menu = messages.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == ["复制", "重发", "编辑"]
    menu.actions()[0].trigger()
    menu.actions()[2].trigger()
    menu.close()
    assert QGuiApplication.clipboard().text() == "退款已申请"
    assert asked == [("failed", "edit")]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_tooltip_is_the_full_time(desk: Desk, messages: MessageList, bubble: Bubble) -> None:
    desk.show_rows([bubble("a", stamp="2026-11-22 14:18:03 <i>")])
    at = messages.visualRect(messages.rows.index(0)).topLeft() + QPoint(40, 15)
    event = QHelpEvent(QEvent.Type.ToolTip, at, messages.viewport().mapToGlobal(at))
    QApplication.sendEvent(messages.viewport(), event)
    assert "2026-11-22 14:18:03 &lt;i&gt;" in QToolTip.text()
    QToolTip.hideText()


HOSTILE = {
    "markup": "<b>x</b><img src=file:///etc/passwd>&amp;",
    "order": "\u202egnp.exe\u202c abc \u2066x",
    "nothing": "\u200b\u200d\u2060\ufeff",
    "blank": " \n\n ",
    "empty": "",
    "nul": "a\x00b\x1b[31m",
    "accents": "e" + "\u0301" * 3000,
    "right to left": "مرحبا كيف الحال\nשלום",
    "half": "a\ud83d b",
    "lines": "\n".join("x" * 5000),
    "separators": "a\u2028b\u2029c\r\nd\re",
    "one word": "W" * 5000,
    "families": "👨‍👩‍👧‍👦" * 300,
    "huge": "长" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_drawn_within_its_bubble(
    desk: Desk, messages: MessageList, bubble: Bubble, name: str
) -> None:
    desk.show_rows([bubble("before"), bubble("bad", HOSTILE[name]), bubble("after")])
    row = messages.rows.at(1)
    shape = messages._bubbles.shape(row)
    assert shape.box.width() <= 560
    assert shape.box.left() >= 20
    assert shape.box.right() <= messages.width() - 20
    assert shape.body is not None
    assert shape.body.width > 0
    assert shape.height < 15_000
    desk.pane.grab()


def words_shown(messages: MessageList, place: int) -> str:
    shape = messages._bubbles.shape(messages.rows.at(place))
    assert shape.body is not None
    return shape.body.layout.text()


def test_what_is_shown_of_hostile_text(desk: Desk, messages: MessageList, bubble: Bubble) -> None:
    desk.show_rows([bubble(name, body) for name, body in HOSTILE.items()])
    shown = {name: words_shown(messages, place) for place, name in enumerate(HOSTILE)}
    assert shown["markup"] == HOSTILE["markup"], "markup is text"
    assert shown["order"] == "gnp.exe abc x", "no text may show another order than it has"
    assert shown["nothing"] == shown["blank"] == shown["empty"] == "空白消息"
    assert shown["nul"] == "a\u2400b\u241b[31m"
    assert shown["half"] == "a\ufffd b"
    assert shown["separators"] == "a\u2028b\u2028c\u2028d\u2028e"
    assert len(shown["huge"]) == 20_000
    assert shown["lines"].count("\u2028") == 399
    last = messages._bubbles.shape(messages.rows.at(len(HOSTILE) - 1))
    assert any("80000" in piece.words for piece in last.pieces), "it says that there is more"


def test_copying_a_cut_text_gives_all_of_it(desk: Desk, messages: MessageList, bubble: Bubble) -> None:
    desk.show_rows([bubble("huge", HOSTILE["huge"])])
    messages.setCurrentIndex(messages.rows.index(0))
    messages.copy()
    assert len(QGuiApplication.clipboard().text()) == 100_000


def test_groups_meta_lines_and_widths(desk: Desk, messages: MessageList, bubble: Bubble) -> None:
    desk.pane.resize(1000, 620)
    long_ = "很长的一句话，" * 60
    desk.show_rows([bubble("a", last=False), bubble("b", first=False), bubble("c", long_, Side.OUT)])
    shapes = [messages._bubbles.shape(row) for row in messages.rows.rows]
    assert shapes[0].pieces == ()
    assert shapes[0].height == 37 + 2
    assert [piece.words for piece in shapes[1].pieces] == ["14:18"]
    assert shapes[1].height == 37 + 1 + 18 + 6
    assert shapes[2].box.width() <= 560
    assert shapes[2].box.right() + 1 == 1000 - 20
    desk.pane.resize(500, 620)
    QApplication.sendPostedEvents()
    assert messages._bubbles.shape(messages.rows.at(2)).box.width() <= int((500 - 40) * 0.72)


def test_a_long_reason_wraps_instead_of_being_cut(desk: Desk, messages: MessageList, bubble: Bubble) -> None:
    desk.pane.resize(440, 620)
    reason = "Not sent: the reply window has closed; you can reply once the customer writes again"
    row = bubble("x", side=Side.OUT, state=verbatim(reason), state_icon="circle-alert")
    desk.show_rows([row])
    shape = messages._bubbles.shape(row)
    said = " ".join(piece.words for piece in shape.pieces)
    assert said == f"14:18 {reason}"
    assert all(piece.rect.left() >= 20 and piece.rect.right() <= 420 for piece in shape.pieces)


def test_screen_readers_get_a_sentence_for_every_row(
    desk: Desk, messages: MessageList, bubble: Bubble
) -> None:
    desk.show_rows([bubble("a", "你好")])
    spoken = messages.rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "客户，你好"
    assert messages.accessibleName() == "消息列表"
    desk.pane.render(ChatView(header=header("lin"), conversation="lin", loading=True))
    assert messages.accessibleDescription() == "正在读取消息"
    desk.pane.render(ChatView(header=header("lin"), conversation="lin", empty=verbatim("还没有消息")))
    assert messages.accessibleDescription() == "还没有消息"


def test_the_words_of_an_empty_chat_take_the_lines_they_need(desk: Desk, messages: MessageList) -> None:
    said = verbatim("第一行说明\n第二行说明")
    desk.pane.render(ChatView(header=header("lin"), conversation="lin", empty=said))
    picture = messages.viewport().grab().toImage()
    paper = picture.pixel(1, 1)
    inked = [
        any(picture.pixel(x, y) != paper for x in range(picture.width())) for y in range(picture.height())
    ]
    assert sum(now and not before for before, now in itertools.pairwise([False, *inked])) >= 2


def test_the_language_changes_in_place(desk: Desk, messages: MessageList, bubble: Bubble, look: Look) -> None:
    desk.show_rows([*many(bubble, 0, 60), bubble("blank", " ")])
    bar = messages.verticalScrollBar()
    bar.setValue(200)
    look.speak("en")
    assert words_shown(messages, 60) == "Blank message"
    assert pill(messages).text() == "Latest messages"
    assert bar.value() == 200
    assert isinstance(pill(messages), QAbstractButton)
    assert pill(messages).accessibleName() == "Latest messages"


def test_rows_that_stay_the_same_cost_nothing(
    desk: Desk, messages: MessageList, bubble: Bubble, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = many(bubble, 0, 400)
    desk.show_rows(rows)
    laid: list[int] = []
    monkeypatch.setattr(messages, "relay", lambda: laid.append(1))
    desk.show_rows(list(rows))
    desk.show_rows(many(bubble, 0, 400))
    assert laid == []
