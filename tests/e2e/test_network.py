"""The network goes and comes back; the window says so, and recovers by itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Desk
from tests.e2e.screen import MESSAGES, QUEUE, Screen, name_of
from tests.e2e.shop import Server, arrive, received, say

pytestmark = pytest.mark.display
Beside = Callable[[Server], Desk]


def freshness(screen: Screen) -> str:
    chip = screen.saying("数据更新：", "Button")
    return chip.name if chip is not None else ""


def test_a_dead_server_is_told_and_a_new_one_is_found(
    server: Server, open_beside: Beside, tmp_path: Path
) -> None:
    desk = open_beside(server)
    window = desk.window
    (openid,) = arrive(server, "你好")
    desk.refresh()
    window.until("who waits", lambda s: s.row(QUEUE, name_of(openid)))
    window.press("ctrl+j")
    window.until("the chat", lambda s: (reply := s.reply()) and "focused" in reply.states)
    server.stop(gently=False)
    window.until("the banner", lambda s: s.saying("网络已断开"))
    window.write("稍后再说")
    window.press("Return")
    window.until("the waiting message", lambda s: s.row(MESSAGES, "排队中，联网后发送"))
    window.until("old data", lambda s: "未更新" in freshness(s))
    window.picture("offline-1280")

    back = Server(tmp_path / "simulator", port=server.port)
    try:
        back.request("POST", "/__sim__/customers", {"openid": openid})
        say(back, openid, "还在吗")
        window.until("fresh data", lambda s: "未更新" not in freshness(s), patience=30)
        window.until("no banner", lambda s: not s.saying("网络已断开"), patience=30)
        window.until("who waits now", lambda s: s.row(QUEUE, name_of(openid)))
        window.until("the sent message", lambda s: s.row(MESSAGES, "已提交微信"), patience=30)
        assert [message.text for message in received(back, openid)] == ["稍后再说"]
        window.picture("recovered-1280")
        assert window.close() == 0
    finally:
        back.stop()


def test_quitting_asks_while_a_message_waits(server: Server, open_beside: Beside) -> None:
    window = open_beside(server).window
    (openid,) = arrive(server, "你好")
    window.press("F5")
    window.until("who waits", lambda s: s.row(QUEUE, name_of(openid)))
    window.press("ctrl+j")
    window.until("the chat", lambda s: (reply := s.reply()) and "focused" in reply.states)
    server.stop(gently=False)
    window.until("the banner", lambda s: s.saying("网络已断开"))
    window.write("稍后再说")
    window.press("Return")
    window.until("the waiting message", lambda s: s.row(MESSAGES, "排队中，联网后发送"))
    window.press("ctrl+q")
    window.until("the question", lambda s: s.saying("还有 1 条没有发出"))
    window.picture("quit-1280")
    window.press("Escape")
    window.until("the window stays", lambda s: not s.saying("还有 1 条没有发出"))
    window.activate()
    window.press("ctrl+q")
    window.click(window.until("the button", lambda s: s.named("退出", "Button")))
    assert window.process.wait(20) == 0


def test_garbage_is_survived(inside: Desk) -> None:
    window, shop = inside.window, inside.shop
    for reply in ("html", "empty", "not_json", "http_500", "missing_fields", "truncated"):
        shop.request("POST", "/__sim__/chaos", {"reply": reply, "times": 4})
        inside.refresh()
        window.until(f"the end of {reply}", lambda _s: shop.request("GET", "/__sim__/chaos")["on"] == [])
    (openid,) = arrive(shop, "你好")
    inside.refresh()
    window.until("who waits", lambda s: s.row(QUEUE, name_of(openid)))
