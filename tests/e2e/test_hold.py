"""A sent line can be taken back, joined or hurried for some seconds; a parked one waits for the customer."""

from collections.abc import Callable

import pytest

from tests.e2e.conftest import Desk
from tests.e2e.screen import MESSAGES, QUEUE, SESSIONS, Node, Screen, name_of
from tests.e2e.shop import arrive, fault, received, say

pytestmark = pytest.mark.display
SENT, KEYS = "已提交微信", "Ctrl+Z 撤销 · Enter 立即发送"


def chat(desk: Desk, words: str = "你好") -> str:
    """A chat with a customer who has written; the reply box has the keyboard."""
    (openid,) = arrive(desk.shop, words)
    desk.refresh()
    desk.window.until("who waits", lambda s: s.row(QUEUE, name_of(openid)))
    desk.window.press("ctrl+j")
    desk.window.until("the chat", lambda s: (reply := s.reply()) and "focused" in reply.states)
    say(desk.shop, openid, words)
    desk.refresh()
    desk.window.until("the customer's words", lambda s: s.row(MESSAGES, words))
    return openid


def empty(screen: Screen) -> bool:
    reply = screen.reply()
    return reply is not None and reply.value == ""


def bubble(screen: Screen, *words: str) -> Node | None:
    """A message that says all of these."""
    return next((row for row in screen.rows(MESSAGES) if all(said in row.name for said in words)), None)


def send(desk: Desk, *lines: str) -> None:
    """Types lines as a hurried person does, each with Enter."""
    for line in lines:
        desk.window.write(line)
        desk.window.press("Return")
        desk.window.until("an empty box", empty)


def texts(desk: Desk, openid: str) -> list[str]:
    return [message.text for message in received(desk.shop, openid)]


def test_five_short_lines_are_one_message_for_the_customer(open_inside: Callable[..., Desk]) -> None:
    desk = open_inside(hold=10)
    openid = chat(desk)
    lines = ["您好", "我看到了", "订单已经发出", "明天送达", "请放心"]
    send(desk, *lines)
    held = desk.window.until("the joined lines", lambda s: bubble(s, "5 行合并为 1 条"))
    assert "等待" in held.name
    assert "\n".join(lines) in held.name
    desk.window.until("the keys", lambda s: s.saying(KEYS))
    desk.window.picture("hold-1280")
    assert texts(desk, openid) == []
    desk.window.press("Return")
    desk.window.until("the sent message", lambda s: bubble(s, SENT))
    assert texts(desk, openid) == ["\n".join(lines)]
    desk.window.until("no keys", lambda s: not s.saying(KEYS))


def test_a_held_message_goes_by_itself_when_its_time_is_over(open_inside: Callable[..., Desk]) -> None:
    desk = open_inside(hold=1)
    openid = chat(desk)
    send(desk, "稍等")
    desk.window.until("the sent message", lambda s: bubble(s, "稍等", SENT))
    assert texts(desk, openid) == ["稍等"]


def test_undo_brings_the_text_back_and_nothing_is_sent(open_inside: Callable[..., Desk]) -> None:
    desk = open_inside(hold=10)
    openid = chat(desk)
    send(desk, "发错了")
    desk.window.until("the held line", lambda s: bubble(s, "发错了", "等待"))
    desk.window.press("ctrl+z")
    desk.window.until("the words", lambda s: (reply := s.reply()) and reply.value == "发错了")
    desk.window.until("no bubble", lambda s: not bubble(s, "发错了"))
    desk.window.press("ctrl+z")
    reply = desk.window.look().reply()
    assert reply is not None
    assert (reply.value, "focused" in reply.states) == ("发错了", True)
    desk.window.press("BackSpace")
    desk.window.write("对")
    desk.window.press("Return", "Return")
    desk.window.until("an empty box", empty)
    desk.window.press("Return")
    desk.window.until("the sent message", lambda s: bubble(s, "发错对", SENT))
    assert texts(desk, openid) == ["发错对"]


def test_the_sixth_reply_is_parked_and_comes_back_when_the_customer_writes(inside: Desk) -> None:
    openid = chat(inside)
    window = inside.window
    fault(inside.shop, records_api_sends="never")  # the estimate alone is at work
    for number in range(5):
        send(inside, f"第 {number} 条")
        window.until("the sent message", lambda s, n=number: bubble(s, f"第 {n} 条"))
    window.until("nothing under way", lambda s: s.saying("发件箱 0"))
    window.until("no sends left", lambda s: s.saying("本轮可发条数可能已用完，等客户回复（估算）"))
    calls = len(texts(inside, openid))
    window.write("第六条")
    window.press("Return")
    reply = window.look().reply()
    assert reply is not None
    assert (reply.value, calls, len(texts(inside, openid))) == ("第六条", 5, 5)
    window.picture("used-1280")
    window.click(window.until("the button", lambda s: s.named("停放", "Button")))
    window.until("the parked reply", lambda s: bubble(s, "第六条", "已停放"))
    window.until("an empty box", empty)
    window.until("the row", lambda s: (row := s.row(SESSIONS, name_of(openid))) and "停放" in row.name)
    say(inside.shop, openid, "我回来了")
    inside.refresh()
    window.until("the words", lambda s: (reply := s.reply()) and reply.value == "第六条")
    window.until("the notice", lambda s: s.saying("停放的 1 条回复取回为草稿"))
    window.picture("parked-back-1280")
    assert len(texts(inside, openid)) == 5
    window.press("Return")
    window.until("the sent message", lambda s: bubble(s, "第六条", SENT))
    assert texts(inside, openid)[-1] == "第六条"


def test_closing_asks_while_a_line_is_held(open_inside: Callable[..., Desk]) -> None:
    desk = open_inside(hold=10)
    openid = chat(desk)
    send(desk, "马上")
    desk.window.press("ctrl+q")
    desk.window.until("the question", lambda s: s.saying("还有 1 条没有发出"))
    desk.window.picture("quit-1280")
    desk.window.press("Escape")
    desk.window.until("no question", lambda s: not s.saying("还有 1 条没有发出"))
    desk.window.press("Return")
    desk.window.until("the sent message", lambda s: bubble(s, "马上", SENT))
    assert texts(desk, openid) == ["马上"]
