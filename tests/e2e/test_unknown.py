"""A send of unknown outcome is looked for, then asked about; nothing goes twice unless a person says so."""

import pytest

from tests.e2e.conftest import Desk
from tests.e2e.screen import SESSIONS, name_of
from tests.e2e.shop import fault
from tests.e2e.test_hold import SENT, bubble, chat, send, texts

pytestmark = pytest.mark.display
ASKED = "结果未知 · 请你决定"
AGAIN, ARRIVED, LEAVE = 1, 2, 3
DECIDE, ANYWAY = 2, 1
"""Where a link or a button stands among those of its message."""


def unclear(desk: Desk, words: str, *, arrives: bool) -> str:
    """A chat in which WeChat answered a send with -1, and the question about it."""
    openid = chat(desk)
    fault(desk.shop, records_api_sends="never")
    fault(desk.shop, fault="-1_after" if arrives else "-1_before", paths="custom/send", times=1)
    send(desk, words)
    window = desk.window
    window.until("the search", lambda s: bubble(s, words, "结果未知"))
    window.until("the row", lambda s: (row := s.row(SESSIONS, name_of(openid))) and "结果未知" in row.name)
    use(desk, DECIDE)
    question = window.until("the question", lambda s: bubble(s, words, ASKED))
    assert "没有得到确认：微信系统繁忙" in question.name
    window.picture("asked-1280")
    return openid


def use(desk: Desk, place: int) -> None:
    """Uses a link of the newest message by keyboard: out of the box, to the newest row, along its links."""
    reply = desk.window.look().reply()
    assert reply is not None
    if "focused" in reply.states:
        desk.window.press("shift+F6")
        desk.window.until("the messages", lambda s: (box := s.reply()) and "focused" not in box.states)
    desk.window.press("End", *["Tab"] * place, "Return")


def test_it_arrived(inside: Desk) -> None:
    openid = unclear(inside, "已经发货", arrives=True)
    use(inside, ARRIVED)
    inside.window.until("the answer", lambda s: bubble(s, "已经发货", "由你确认：客户已收到"))
    assert texts(inside, openid) == ["已经发货"]


def test_send_again(inside: Desk) -> None:
    openid = unclear(inside, "已经发货", arrives=False)
    assert texts(inside, openid) == []
    use(inside, AGAIN)
    inside.window.until("the old message", lambda s: bubble(s, "已经发货", "结果未知，已重发"))
    inside.window.until("the new message", lambda s: bubble(s, "已经发货", SENT))
    assert texts(inside, openid) == ["已经发货"]


def test_leave_it(inside: Desk) -> None:
    openid = unclear(inside, "已经发货", arrives=False)
    use(inside, LEAVE)
    inside.window.until("the answer", lambda s: bubble(s, "已经发货", "不再处理"))
    send_next(inside)
    assert texts(inside, openid) == ["还有别的问题吗"]


def send_next(desk: Desk) -> None:
    desk.window.press("F6")
    desk.window.until("the box", lambda s: (reply := s.reply()) and "focused" in reply.states)
    send(desk, "还有别的问题吗")
    desk.window.until("the sent message", lambda s: bubble(s, "还有别的问题吗", SENT))


def test_the_next_message_waits_until_it_is_told_to_go(inside: Desk) -> None:
    openid = unclear(inside, "已经发货", arrives=False)
    inside.window.press("F6")
    inside.window.until("the box", lambda s: (reply := s.reply()) and "focused" in reply.states)
    send(inside, "请留意短信")
    inside.window.until("the wait", lambda s: bubble(s, "请留意短信", "等待上面结果未知的那条"))
    assert texts(inside, openid) == []
    use(inside, ANYWAY)
    inside.window.until("the sent message", lambda s: bubble(s, "请留意短信", SENT))
    assert texts(inside, openid) == ["请留意短信"]
