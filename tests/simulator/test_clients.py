"""What clients of other makers send: every spelling of a request that WeChat takes is taken."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from kefu_desk.simulator.scenario import DEMO_AGENT
from tests.simulator.platform import Platform

WAITING = "/customservice/kfsession/getwaitcase"
SEND = "/cgi-bin/message/custom/send"
LIST = "/customservice/kfsession/getsessionlist"
DELETE = "/customservice/kfaccount/del"
OK = b'{"errcode":0,"errmsg":"ok"}'


def letter(openid: str) -> bytes:
    body = {"touser": openid, "msgtype": "text", "text": {"content": "您好 <a>"}}
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/x-www-form-urlencoded",
    ],
)
async def test_a_body_needs_no_content_type(wx: Platform, kind: str | None) -> None:
    headers = {"content-type": kind} if kind else {}
    reply = await wx.http.post(
        SEND, params={"access_token": wx.token}, content=letter(wx.customer()), headers=headers
    )
    assert reply.content == OK


@pytest.mark.parametrize("at", ["@", "%40"])
@pytest.mark.parametrize(
    "order",
    [
        "access_token={t}&kf_account={a}",
        "kf_account={a}&access_token={t}",
        "x=1&kf_account={a}&access_token={t}&y=",
    ],
)
async def test_both_spellings_of_at_and_any_order(wx: Platform, at: str, order: str) -> None:
    query = order.format(t=wx.token, a=DEMO_AGENT.replace("@", at))
    reply = await wx.http.get(httpx.URL(f"https://api.weixin.qq.com{LIST}", query=query.encode()))
    assert reply.content == b'{"sessionlist":[]}'


async def test_of_two_tokens_the_first_counts(wx: Platform) -> None:
    bad = "81_" + "x" * 140
    url = f"{WAITING}?access_token={{}}&access_token={{}}"
    assert "errcode" not in (await wx.http.get(url.format(wx.token, bad))).json()
    assert (await wx.http.get(url.format(bad, wx.token))).json()["errcode"] == 40001
    assert (await wx.http.get(url.format("", wx.token))).json()["errcode"] == 41001


async def test_a_token_in_body_or_header_is_none(wx: Platform) -> None:
    body = json.dumps({"access_token": wx.token}).encode()
    headers = {"authorization": f"Bearer {wx.token}"}
    assert (await wx.http.post(SEND, content=body, headers=headers)).json()["errcode"] == 41001


async def test_plus_is_a_blank_in_a_query(wx: Platform) -> None:
    wx.world.agents["a b@luye"] = wx.world.agents[DEMO_AGENT]
    for spelled, errcode in (("a+b@luye", 0), ("a%20b@luye", 0), ("a%2Bb@luye", 65401)):
        url = httpx.URL(
            f"https://api.weixin.qq.com{LIST}", query=f"access_token={wx.token}&kf_account={spelled}".encode()
        )
        assert (await wx.http.get(url)).json().get("errcode", 0) == errcode


async def test_the_body_of_a_get_is_ignored(wx: Platform) -> None:
    for body in (b"", b"{", b"{}", b"\xff"):
        reply = await wx.http.request("GET", WAITING, params={"access_token": wx.token}, content=body)
        assert reply.json() == {"count": 0, "waitcaselist": []}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(wx: Platform, method: str) -> None:
    for path, errcode in ((WAITING, 43001), (SEND, 43002)):
        reply = await wx.http.request(method, path, params={"access_token": wx.token})
        assert reply.status_code == 200
        assert wx.world.calls[-1].errcode == errcode
        if method == "HEAD":
            assert reply.content == b""
        else:
            assert reply.json()["errcode"] == errcode


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"\xef\xbb\xbf", b""), (b"", b"\r\n \t\n"), (b" \n", b""), (b"\xef\xbb\xbf ", b"\n")],
)
async def test_marks_and_blanks_around_a_body(wx: Platform, before: bytes, after: bytes) -> None:
    body = before + letter(wx.customer()) + after
    assert (await wx.post(SEND, raw=body)) == json.loads(OK)
    assert wx.world.ledger[0].body == body
    assert (await wx.post(SEND, raw=before + after))["errcode"] == 44002


async def test_a_chunked_body(wx: Platform) -> None:
    openid = wx.customer()

    async def pieces() -> AsyncIterator[bytes]:
        for byte in letter(openid):
            yield bytes([byte])

    reply = await wx.http.post(SEND, params={"access_token": wx.token}, content=pieces())
    assert reply.content == OK
    assert wx.world.ledger[0].body == letter(openid)


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("POST", "", b'{"kf_account":"kf2009@luye"}'),
        ("POST", "", b'{"kf_account":"kf2009@luye","business_id":0}'),
        ("POST", "&kf_account=kf2009@luye", b""),
        ("POST", "&kf_account=kf2009@luye", b'{"kf_account":"kf2009@luye"}'),
        ("POST", "", b"kf_account=kf2009%40luye"),
        ("POST", "", b"kf_account=kf2009@luye"),
        ("GET", "&kf_account=kf2009@luye", b""),
        ("GET", "&kf_account=kf2009%40luye", b'{"kf_account":"kf2001@luye"}'),
    ],
)
async def test_every_form_of_deleting_an_account(wx: Platform, method: str, query: str, body: bytes) -> None:
    url = f"{DELETE}?access_token={wx.token}{query}"
    assert (await wx.http.request(method, url, content=body)).content == OK
    assert "kf2009@luye" not in wx.world.agents
    assert len(wx.world.agents) == 8


async def test_deleting_with_nonsense(wx: Platform) -> None:
    for body, errcode in ((b"<xml/>", 47001), (b"{", 47001), (b"", 65401), (b"{}", 65401)):
        assert (await wx.post(DELETE, raw=body))["errcode"] == errcode
    assert len(wx.world.agents) == 9
