"""What every request passes before a rule sees it, and in which order."""

import re

import pytest

from kefu_desk.simulator.inquiry import Inquiry
from tests.simulator.platform import Platform

WAITING = "/customservice/kfsession/getwaitcase"
SEND = "/cgi-bin/message/custom/send"
RID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/cgi-bin/kfsession/getwaitcase",
        "/customservice/getkflist",
        "/message/custom/send",
        WAITING + "/",
    ],
)
async def test_a_wrong_prefix_is_an_invalid_url(wx: Platform, path: str) -> None:
    assert (await wx.get(path))["errcode"] == 40066


async def test_the_answer_looks_like_wechats(wx: Platform) -> None:
    reply = await wx.http.get(WAITING, params={"access_token": wx.token})
    assert reply.status_code == 200
    assert reply.content == b'{"count":0,"waitcaselist":[]}'
    assert reply.headers["content-type"] == "application/json; encoding=utf-8"
    assert reply.headers["date"] == "Mon, 21 Sep 2026 14:13:20 GMT"


async def test_a_refusal_is_http_200_with_a_rid(wx: Platform) -> None:
    reply = await wx.http.get(WAITING)
    assert reply.status_code == 200
    assert reply.json()["errcode"] == 41001
    text, _, rid = reply.json()["errmsg"].partition(" rid: ")
    assert text == "access_token missing"
    assert RID.fullmatch(rid)


async def test_methods(wx: Platform) -> None:
    assert (await wx.post(WAITING, {}))["errcode"] == 43001
    assert (await wx.get(SEND))["errcode"] == 43002


async def test_https_when_the_account_asks_for_it(wx: Platform) -> None:
    wx.world.account.https_only = True
    assert "errcode" not in await wx.get(WAITING)
    assert (await wx.http.get(f"http://api.weixin.qq.com{WAITING}")).json()["errcode"] == 43003


async def test_malformed_and_unknown_tokens_differ(wx: Platform) -> None:
    wx.token = "short"
    assert (await wx.get(WAITING))["errcode"] == 40014
    wx.token = "81_" + "x" * 140
    assert (await wx.get(WAITING))["errcode"] == 40001


async def test_limits_per_day_and_per_minute(wx: Platform) -> None:
    wx.world.quota.daily[WAITING] = 3
    wx.world.quota.minute[WAITING] = 2
    codes = [(await wx.get(WAITING)).get("errcode", 0) for _ in range(3)]
    assert codes == [0, 0, 45011]
    wx.clock.step(60)
    assert "errcode" not in await wx.get(WAITING)
    assert (await wx.get(WAITING))["errcode"] == 45009
    wx.clock.step(6400)  # 22:14 → after midnight in China, the token still lives
    assert "errcode" not in await wx.get(WAITING)


@pytest.mark.parametrize(
    ("raw", "errcode"), [(b"", 44002), (b"{", 47001), (b"[1]", 47001), (b'"\xff"', 47001), (b"{}", 40003)]
)
async def test_bodies(wx: Platform, raw: bytes, errcode: int) -> None:
    assert (await wx.post(SEND, raw=raw))["errcode"] == errcode


async def test_the_order_of_checks(wx: Platform) -> None:
    """Every fault at once; taking them away one by one uncovers the next."""
    wx.world.account.https_only, wx.world.account.kefu_enabled = True, False
    wx.world.quota.minute[SEND], wx.world.quota.daily[SEND] = 0, 0
    token, wx.token = wx.token, ""
    url = "http://api.weixin.qq.com"

    async def code(path: str = SEND, scheme: str = url, method: str = "POST", content: bytes = b"") -> int:
        query = {"access_token": wx.token} if wx.token else {}
        return (await wx.http.request(method, scheme + path, params=query, content=content)).json()["errcode"]

    https = "https://api.weixin.qq.com"
    assert await code("/nowhere", method="GET") == 40066
    assert await code(method="GET") == 43003
    assert await code(method="GET", scheme=https) == 43002
    assert await code(scheme=https) == 41001
    wx.token = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert await code(scheme=https) == 40001
    wx.token = token
    assert await code(scheme=https) == 45011
    wx.world.quota.minute[SEND] = 9
    assert await code(scheme=https) == 45009
    wx.world.quota.daily[SEND] = 9
    assert await code(scheme=https) == 44002
    assert await code(scheme=https, content=b"?") == 47001
    assert await code(scheme=https, content=b"{}") == 65400
    wx.world.account.kefu_enabled = True
    assert await code(scheme=https, content=b"{}") == 40003


async def test_a_body_over_20_mb_is_not_read(wx: Platform) -> None:
    reply = await wx.http.post(SEND, content=b" " * (20 * 1024 * 1024 + 1))
    assert reply.status_code == 413
    assert wx.world.call_count == 0


async def test_calls_are_logged_without_the_token(wx: Platform) -> None:
    await wx.get(WAITING)
    await wx.get("/nowhere")
    log = (await wx.http.get("/__sim__/calls")).json()
    assert log["count"] == 2
    assert [(c["path"], c["errcode"]) for c in log["calls"]] == [(WAITING, 0), ("/nowhere", 40066)]
    assert wx.token not in str(log)


def test_a_request_does_not_show_its_token() -> None:
    inquiry = Inquiry(
        "POST", SEND, {"access_token": "t0ken"}, b'{"secret":"s3cret"}', fields={"secret": "s3cret"}
    )
    assert repr(inquiry) == f"Inquiry(POST {SEND})"
