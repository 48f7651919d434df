"""What the reply box refuses, and that it never sends anything twice."""

import pytest

from tests.e2e.conftest import Desk
from tests.e2e.screen import MESSAGES, QUEUE, SESSIONS, name_of
from tests.e2e.shop import arrive, received, say

pytestmark = pytest.mark.display


@pytest.fixture
def chat(inside: Desk) -> str:
    """A chat with a customer who has written; the reply box has the keyboard."""
    (openid,) = arrive(inside.shop, "你好")
    inside.refresh()
    inside.window.until("who waits", lambda s: s.row(QUEUE, name_of(openid)))
    inside.window.press("ctrl+j")
    inside.window.until("the chat", lambda s: (reply := s.reply()) and "focused" in reply.states)
    say(inside.shop, openid, "在吗？")
    inside.refresh()
    inside.window.until("the customer's words", lambda s: s.row(MESSAGES, "在吗？"))
    return openid


def value(desk: Desk) -> str:
    reply = desk.window.look().reply()
    assert reply is not None
    return reply.value


def test_two_quick_enters_send_once(inside: Desk, chat: str) -> None:
    window = inside.window
    window.write("马上为您查")
    window.press("Return", "Return")
    window.until("the sent bubble", lambda s: s.row(MESSAGES, "已提交微信"))
    window.press("Return")
    inside.refresh()
    window.until("why nothing is sent", lambda s: s.saying("没有可发送的文字"))
    assert [message.text for message in received(inside.shop, chat)] == ["马上为您查"]
    assert len([row for row in window.look().rows(MESSAGES) if "马上为您查" in row.name]) == 1


def test_a_text_over_the_limit_stays_until_it_is_short_enough(inside: Desk, chat: str) -> None:
    window = inside.window
    words = "请您放心" * 171  # 2052 bytes
    window.write(words)
    window.until("the whole text", lambda _s: value(inside) == words)
    window.press("Return")
    window.until("the reason", lambda s: s.saying("超出微信上限 2048 字节，请删去 4 字节"))
    window.picture("too-long-1280")
    assert value(inside) == words
    assert received(inside.shop, chat) == []
    window.press("BackSpace", "BackSpace")
    window.until("no reason any more", lambda s: not s.saying("超出微信上限"))
    window.press("Return")
    window.until("an empty box", lambda _s: value(inside) == "")
    window.until("the sent bubble", lambda s: s.row(MESSAGES, "已提交微信"))
    assert [message.text for message in received(inside.shop, chat)] == [words[:-2]]


def test_a_draft_stays_with_its_customer(inside: Desk, chat: str) -> None:
    window = inside.window
    window.write("第一位的草稿")
    (other,) = arrive(inside.shop, "有人吗")
    inside.refresh()
    window.until("who waits", lambda s: s.row(QUEUE, name_of(other)))
    window.press("ctrl+j")
    window.until(
        "the other chat", lambda s: (row := s.row(SESSIONS, name_of(other))) and "selected" in row.states
    )
    window.until("an empty box", lambda _s: value(inside) == "")
    window.until(
        "the draft in its row",
        lambda s: (row := s.row(SESSIONS, name_of(chat))) and "第一位的草稿" in row.name,
    )
    window.write("第二位的回复")
    window.click(window.until("the first row", lambda s: s.row(SESSIONS, name_of(chat))))
    window.until("the draft", lambda _s: value(inside) == "第一位的草稿")
    window.press("Return")
    window.until("the sent bubble", lambda s: s.row(MESSAGES, "已提交微信"))
    assert [message.text for message in received(inside.shop, chat)] == ["第一位的草稿"]
    assert received(inside.shop, other) == []
