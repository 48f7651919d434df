"""Accept, read, answer, receive, close: by mouse and keys, up to the bytes on the customer's phone."""

import pytest

from tests.e2e.conftest import Desk
from tests.e2e.screen import MESSAGES, QUEUE, SESSIONS, Node, Screen, name_of
from tests.e2e.shop import arrive, received, received_by_all, say, served, waiting

pytestmark = pytest.mark.display
SENT = "已提交微信"


def row_of(screen: Screen, names: tuple[str, ...], openid: str) -> Node | None:
    return screen.row(names, name_of(openid))


def opened(screen: Screen, openid: str) -> Node | None:
    """The chat of the customer is open, and the next letter goes into its reply box."""
    row = row_of(screen, SESSIONS, openid)
    reply = screen.reply()
    in_front = row is not None and "selected" in row.states
    return reply if in_front and reply is not None and "focused" in reply.states else None


def answer(desk: Desk, openid: str, *lines: str) -> None:
    """Types a reply, checks it in the box and on the phone."""
    before = received_by_all(desk.shop)
    for number, line in enumerate(lines):
        if number:
            desk.window.press("shift+Return")
        desk.window.write(line)
    whole = "\n".join(lines)
    desk.window.until("the typed text", lambda s: (reply := s.reply()) and reply.value == whole)
    desk.window.press("Return")
    bubble = desk.window.until("the sent bubble", lambda s: s.row(MESSAGES, SENT))
    assert all(line in bubble.name for line in lines)
    assert desk.window.look().reply().value == ""
    came = received(desk.shop, openid)
    assert came[-1].text == whole
    assert received_by_all(desk.shop) == before + 1
    for line in lines:
        assert line.encode() in came[-1].body
    assert b"\\u" not in came[-1].body
    desk.refresh()
    desk.window.until("the record of the reply", lambda s: record_of(s, lines[0]))
    assert received_by_all(desk.shop) == before + 1


def record_of(screen: Screen, words: str) -> bool:
    """The reply stands once in the list, as a record of WeChat."""
    return len([row for row in screen.rows(MESSAGES) if words in row.name]) == 1


def test_from_the_queue_to_the_end_of_the_chat(desk: Desk) -> None:
    window, shop = desk.window, desk.shop
    first, second, third = arrive(shop, "在吗？", "你好", "有人吗")
    desk.refresh()
    window.until("three who wait", lambda s: len(s.rows(QUEUE)) == 3)

    # the row's own button, which appears under the pointer
    row = window.until("the second row", lambda s: row_of(s, QUEUE, second))
    window.point(row)
    window.click(row.accept_button)
    window.until("the chat of the second", lambda s: opened(s, second))
    assert waiting(shop) == {first, third}
    say(shop, second, "我想退货，可以吗？😀")
    window.until("the customer's words", lambda s: s.row(MESSAGES, "我想退货，可以吗？😀"))
    window.until("the row's words", lambda s: s.row(SESSIONS, "我想退货，可以吗？😀"))
    answer(desk, second, "您好，请稍等 🙂", "正在查询")
    say(shop, second, "好的，谢谢")
    desk.refresh()
    window.until("the customer's answer", lambda s: s.row(MESSAGES, "好的，谢谢"))
    window.picture("main-job-1280")
    window.click(window.until("the button that closes", lambda s: s.named("结束会话", "Button")))
    window.until("the end of the chat", lambda s: not s.rows(SESSIONS))
    assert served(shop) == set()

    # a double click
    row = window.until("the third row", lambda s: row_of(s, QUEUE, third))
    window.click((row.rect[0] + 100, row.middle[1]), times=2)
    window.until("the chat of the third", lambda s: opened(s, third))
    say(shop, third, "几点关门？")
    desk.refresh()
    window.until("the customer's words", lambda s: s.row(MESSAGES, "几点关门？"))
    answer(desk, third, "ok")
    window.press("ctrl+e")
    window.until("the end of the chat", lambda s: not s.rows(SESSIONS))
    assert served(shop) == set()

    # the keyboard alone
    window.press("ctrl+j")
    window.until("the chat of the first", lambda s: opened(s, first))
    assert waiting(shop) == set()
    assert served(shop) == {first}
    assert [len(received(shop, openid)) for openid in (first, second, third)] == [0, 1, 1]
