"""Held, parked, unknown and refused replies in the real window, up to the customer's phone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from kefu_desk.domain.outbox import SendState
from kefu_desk.presenters.timeline import TimelineRow
from tests.ui.conftest import Case, Play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LONG = 60.0
CTRL = Qt.KeyboardModifier.ControlModifier


def phone(case: Case) -> list[str]:
    return [delivery.text for delivery in case.world.ledger]


def state_of(row: TimelineRow) -> str:
    inner = dict(row.state.params).get("state") if row.state is not None else None
    return getattr(inner, "key", "") or (row.state.key if row.state is not None else "")


async def typed(case: Case, *lines: str) -> None:
    """Sends lines one after the other, as soon as the box is free for the next."""
    for line in lines:
        case.send(line)
        await case.until("an empty box", lambda: case.window.composer.text == "")


async def shown(case: Case, key: str) -> TimelineRow:
    """The newest bubble, once it is in a state."""
    await case.until(key, lambda: state_of(case.bubbles()[-1]) == f"send.state.{key}")
    return case.bubbles()[-1]


def use(case: Case, row: TimelineRow, name: str) -> None:
    """Clicks a link or button under a bubble."""
    assert name in [action.name for action in row.actions]
    case.window.chat.actionRequested.emit(row.key, name)


def test_five_short_lines_arrive_as_one_message(play: Play) -> None:
    async def scene(case: Case) -> None:
        openid = await case.accept()
        await typed(case, "a", "b", "c", "d", "e")
        row = await shown(case, "held")
        assert (row.body, row.state.count if row.state else 0) == ("a\nb\nc\nd\ne", 5)
        assert phone(case) == []
        QTest.keyClick(case.window.composer.focusProxy(), Qt.Key.Key_Return)
        await shown(case, "sent")
        assert [(d.openid, d.text) for d in case.world.ledger] == [(openid, "a\nb\nc\nd\ne")]

    play(scene, hold=LONG)


def test_undo_brings_the_line_back_and_nothing_is_sent(play: Play) -> None:
    async def scene(case: Case) -> None:
        await case.accept()
        edit = case.window.composer.focusProxy()
        assert not case.window.actions_["undo_send"].isEnabled()
        await typed(case, "oops")
        await case.until("the menu", case.window.actions_["undo_send"].isEnabled)
        QTest.keyClick(edit, Qt.Key.Key_Z, CTRL)
        await case.until("the words", lambda: case.window.composer.text == "oops")
        assert case.window.composer.isAncestorOf(case.window.focusWidget())
        assert (phone(case), case.state.outbox) == ([], ())
        await case.until("the menu", lambda: not case.window.actions_["undo_send"].isEnabled())
        QTest.keyClicks(edit, " again")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        await case.until("an empty box", lambda: case.window.composer.text == "")
        case.press("send_now")
        await shown(case, "sent")
        assert phone(case) == ["oops again"]

    play(scene, hold=LONG)


def test_a_held_line_taken_back_by_its_link_stands_behind_what_is_written(play: Play) -> None:
    async def scene(case: Case) -> None:
        await case.accept()
        await typed(case, "first")
        row = await shown(case, "held")
        QTest.keyClicks(case.window.composer.focusProxy(), "second")
        use(case, row, "undo")
        await case.until("both", lambda: case.window.composer.text == "second\nfirst")
        assert phone(case) == []

    play(scene, hold=LONG)


def test_a_line_held_for_another_customer_comes_back_as_that_draft(play: Play) -> None:
    async def scene(case: Case) -> None:
        first = await case.accept()
        await typed(case, "for the first")
        await shown(case, "held")
        await case.accept()
        QTest.keyClicks(case.window.composer.focusProxy(), "for the second")
        case.press("undo_send")  # nothing is held in this chat
        held = case.state.outbox[0]
        await case.desk.commands.set_aside(held.id)
        assert case.window.composer.text == "for the second"
        assert case.state.drafts[first] == "for the first"
        case.window.sessions.openRequested.emit(first)
        await case.until("the draft", lambda: case.window.composer.text == "for the first")
        assert phone(case) == []

    play(scene, hold=LONG)


def test_a_parked_reply_comes_back_when_the_customer_writes_and_takes_no_focus(play: Play) -> None:
    async def scene(case: Case) -> None:
        openid = await case.accept()
        QTest.keyClicks(case.window.composer.focusProxy(), "tomorrow")
        case.press("park_reply")
        row = await shown(case, "parked")
        assert (case.window.composer.text, phone(case)) == ("", [])
        QTest.keyClicks(case.window.composer.focusProxy(), "typing")
        case.window.queue.list.setFocus()
        case.say(openid, "我回来了")
        await case.until("the words", lambda: case.window.composer.text == "typing\ntomorrow")
        assert not case.window.composer.isAncestorOf(case.window.focusWidget())
        assert [notice.words.key for notice in case.state.notices] == ["notice.parked_back"]
        await case.until("no bubble", lambda: row.key not in [r.key for r in case.bubbles()])
        assert phone(case) == [], "it never sends by itself"

    play(scene)


def test_the_sixth_send_is_refused_with_the_reason_and_no_call(play: Play) -> None:
    async def scene(case: Case) -> None:
        await case.accept()
        for number in range(5):
            await typed(case, str(number))
            await case.until("the phone", lambda n=number: len(phone(case)) == n + 1)
        button = case.window.composer._send
        await case.until("the reason", lambda: button.parks)
        await case.until("the outcome", lambda: case.state.outbox == ())
        case.send("six")
        assert case.window.composer.text == "six"
        assert case.window.composer._grant.said == "本轮可发条数可能已用完，等客户回复（估算）"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await shown(case, "parked")
        assert (len(phone(case)), sum("custom/send" in call.path for call in case.world.calls)) == (5, 5)

    play(scene)


def test_an_estimate_can_be_overruled_and_what_wechat_refuses_is_parked_from_its_bubble(play: Play) -> None:
    async def scene(case: Case) -> None:
        openid = await case.accept()
        for number in range(5):
            await typed(case, str(number))
            await case.until("the phone", lambda n=number: len(phone(case)) == n + 1)
        await case.until("the reason", lambda: case.window.composer._send.parks)
        QTest.keyClicks(case.window.composer.focusProxy(), "six")
        QTest.mouseClick(case.window.composer._anyway, Qt.MouseButton.LeftButton)
        row = await shown(case, "failed")
        assert [action.name for action in row.actions] == ["park", "edit"]
        await case.until("no estimate", lambda: not case.window.composer._anyway.isVisible())
        use(case, row, "park")
        await shown(case, "parked")
        case.say(openid, "在吗")
        await case.until("the words", lambda: case.window.composer.text == "six")
        assert len(phone(case)) == 5

    play(scene)


async def unknown(case: Case, words: str, *, arrives: bool) -> TimelineRow:
    """A send whose outcome nobody knows, and its bubble when the agent is asked."""
    case.world.chaos.set("records_api_sends", "never")
    fault = "-1_after" if arrives else "-1_before"
    case.world.chaos.set("fault", fault, paths="custom/send", times=1)
    await typed(case, words)
    await case.until("looking", lambda: state_of(case.bubbles()[-1]).startswith("send.state.unknown"))
    use(case, case.bubbles()[-1], "decide")
    return await shown(case, "asked")


@pytest.mark.parametrize(
    ("button", "then", "arrives", "came"),
    [
        ("resend", ["send.state.resolved.again", "send.state.sent"], False, ["hello"]),
        ("arrived", ["send.state.resolved.arrived"], True, ["hello"]),
        ("leave", ["send.state.resolved.left"], False, []),
    ],
)
def test_the_agent_answers_for_an_unknown_send(
    play: Play, button: str, then: list[str], arrives: bool, came: list[str]
) -> None:
    async def scene(case: Case) -> None:
        await case.accept()
        row = await unknown(case, "hello", arrives=arrives)
        assert row.question
        use(case, row, button)
        await case.until("the answer", lambda: [state_of(r) for r in case.bubbles() if r.state] == then)
        assert phone(case) == came

    play(scene)


def test_a_message_behind_an_unknown_one_waits_until_the_agent_says_so(play: Play) -> None:
    async def scene(case: Case) -> None:
        await case.accept()
        await unknown(case, "one", arrives=False)
        await typed(case, "two")
        row = await shown(case, "behind_unknown")
        assert phone(case) == []
        use(case, row, "overtake")
        await shown(case, "sent")
        assert phone(case) == ["two"]

    play(scene)


def test_while_sending_is_paused_the_text_can_be_copied_and_retried(play: Play) -> None:
    async def scene(case: Case) -> None:
        await case.accept()
        case.world.chaos.set("quota", "45011", paths="custom/send", times=1)
        await typed(case, "wait for me")
        row = await shown(case, "paused")
        use(case, row, "copy")
        assert QGuiApplication.clipboard().text() == "wait for me"
        case.window.chat.bannerActionRequested.emit("paused", "copy_waiting")
        assert QGuiApplication.clipboard().text() == "wait for me"
        assert [i.state for i in case.state.outbox] == [SendState.QUEUED]
        case.window.chat.bannerActionRequested.emit("paused", "retry")
        await shown(case, "sent")
        assert phone(case) == ["wait for me"]

    play(scene)
