"""The wiring: a real desk on the quiet simulator, told and asked through the window's own controls."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.ui import bridge
from tests.ui.conftest import Case, Play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_accept_puts_the_keyboard_into_the_reply_box(play: Play) -> None:
    async def scene(case: Case) -> None:
        first, second = case.arrive("你好", "在吗")
        await case.until("two who wait", lambda: len(case.window.queue.model.rows) == 2)
        case.window.queue.acceptRequested.emit(second)
        await case.until("the keyboard", lambda: case.window.composer.isAncestorOf(case.window.focusWidget()))
        assert case.window.composer.key == second
        assert [row.key for row in case.window.sessions.model.rows] == [second]
        assert set(case.world.sessions) == {second}
        case.press("accept_next")
        await case.until("the other chat", lambda: case.window.composer.key == first)
        assert case.window.queue.model.rows == ()

    play(scene)


def test_what_is_typed_goes_out_once_and_empties_the_box(play: Play) -> None:
    async def scene(case: Case) -> None:
        openid = await case.accept()
        edit = case.window.composer.focusProxy()
        QTest.keyClicks(edit, "on my way")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert case.window.composer.text == "on my way"  # until it is on disk
        await case.until("an empty box", lambda: case.window.composer.text == "")
        await case.until("the outcome", lambda: case.state.outbox == ())
        await case.until("the bubble", lambda: [row.body for row in case.bubbles()].count("on my way") == 1)
        assert [(d.openid, d.text) for d in case.world.ledger] == [(openid, "on my way")]

    play(scene)


def test_a_send_that_is_over_within_a_frame_empties_the_box(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(case: Case) -> None:
        await case.accept()
        edit = case.window.composer.focusProxy()
        QTest.keyClicks(edit, "done at once")
        monkeypatch.setattr(bridge, "FRAME_MS", 300)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        await case.until("the phone", lambda: case.world.ledger)
        await case.until("an empty box", lambda: case.window.composer.text == "")

    play(scene)


def test_a_failed_send_comes_back_into_the_box_by_its_link(play: Play) -> None:
    async def scene(case: Case) -> None:
        openid = await case.accept()
        case.world.customers[openid].subscribed = False
        edit = case.window.composer.focusProxy()
        QTest.keyClicks(edit, "lost words")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        await case.until("the failure", lambda: [i for i in case.state.outbox if i.state is SendState.FAILED])
        await case.until("its links", lambda: case.bubbles()[-1].actions)
        row = case.bubbles()[-1]
        QTest.keyClicks(edit, "more")
        case.window.chat.actionRequested.emit(row.key, "edit")
        await case.until("the words", lambda: case.window.composer.text == "more\nlost words")
        assert case.state.outbox == ()

    play(scene)


def test_closing_ends_the_session_and_leaves_the_chat_in_sight(play: Play) -> None:
    async def scene(case: Case) -> None:
        openid = await case.accept()
        case.press("close_chat")
        await case.until("the end", lambda: not case.window.sessions.model.rows)
        assert case.world.sessions == {}
        assert case.window.composer.key == openid
        case.press("close_chat")  # there is nothing left to close
        await asyncio.sleep(0.05)
        assert case.state.notices == ()

    play(scene)


def test_alt_down_goes_round_the_chats(play: Play) -> None:
    async def scene(case: Case) -> None:
        openids = [await case.accept(), await case.accept()]
        rows = [row.key for row in case.window.sessions.model.rows]
        assert set(rows) == set(openids)
        start = case.window.composer.key
        other = next(key for key in rows if key != start)
        for expected in (other, start):
            case.press("next_session")
            await case.until("the next chat", lambda key=expected: case.window.composer.key == key)
        case.press("previous_session")
        await case.until("the chat before", lambda: case.window.composer.key == other)

    play(scene)


def test_a_draft_is_kept_by_customer(play: Play) -> None:
    async def scene(case: Case) -> None:
        first = await case.accept()
        QTest.keyClicks(case.window.composer.focusProxy(), "half a")
        await case.accept()
        assert case.window.composer.text == ""
        assert case.state.drafts[first] == "half a"
        case.window.sessions.openRequested.emit(first)
        await case.until("the first chat", lambda: case.window.composer.key == first)
        assert case.window.composer.text == "half a"

    play(scene)


def test_f6_is_connected(play: Play) -> None:
    async def scene(case: Case) -> None:
        case.window.strip.setFocus()
        case.press("next_pane")
        assert case.window.queue.isAncestorOf(case.window.focusWidget())
        case.press("previous_pane")
        assert case.window.strip.isAncestorOf(case.window.focusWidget())

    play(scene)


def test_the_supervisor_page_is_painted_only_when_it_is_shown(play: Play) -> None:
    async def scene(case: Case) -> None:
        assert case.window._team is None
        case.press("supervise")
        assert case.window.team_shown
        rows = case.window.team._table.model().rowCount()
        assert rows == 9
        case.press("supervise")
        case.arrive("你好")
        await case.until("who waits", lambda: case.window.queue.model.rows)
        assert case.window.team._queue_model.rows == ()
        case.press("supervise")
        assert len(case.window.team._queue_model.rows) == 1

    play(scene)


def test_a_refused_accept_is_told_and_can_be_dismissed(play: Play) -> None:
    async def scene(case: Case) -> None:
        (openid,) = case.arrive("你好")
        await case.until("who waits", lambda: case.window.queue.model.rows)
        case.world.open_session(openid, "kf2002@luye")
        case.window.queue.acceptRequested.emit(openid)
        await case.until("the notice", lambda: case.state.notices)
        assert case.window.composer.key == ""
        number = case.state.notices[0].number
        case.window.toasts.dismissRequested.emit(number)
        await case.until("no notice", lambda: not case.state.notices)

    play(scene)


def test_the_refused_address_can_be_copied(play: Play) -> None:
    async def scene(case: Case) -> None:
        case.world.chaos.set("token", "40001_always", paths="customservice")
        case.world.chaos.set("token", "40164", paths="token")
        case.press("refresh")
        await case.until("the banner", lambda: address_of(case.state))
        case.window.chat.bannerActionRequested.emit("stopped", "copy_ip")
        assert QGuiApplication.clipboard().text() == address_of(case.state)
        assert address_of(case.state).count(".") == 3

    def address_of(state: DeskState) -> str:
        found = [h.failure.subject for _, h in state.link.feeds if h.failure is not None]
        return next(filter(None, found), "")

    play(scene)


def test_after_the_end_the_window_asks_for_nothing(play: Play) -> None:
    async def scene(case: Case) -> None:
        await case.accept()
        case.wiring.stop()
        assert not case.window.actions_["accept_next"].isEnabled()
        before = case.world.call_count
        case.window.chat.closeRequested.emit(case.window.composer.key)
        case.window.queue.acceptRequested.emit("nobody")
        await asyncio.sleep(0.05)
        assert len(case.world.sessions) == 1
        assert case.world.call_count - before < 20
        case.wiring.start()

    play(scene)
