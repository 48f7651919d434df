"""The switches: what each does to the reply and, above all, whether the platform acted."""

import json

import httpx
import pytest

from kefu_desk.simulator.asgi import ConnectionDropped
from kefu_desk.simulator.chaos import SWITCHES
from kefu_desk.simulator.world import World
from tests.simulator.platform import Json, Platform

WAITING = "/customservice/kfsession/getwaitcase"
SEND = "/cgi-bin/message/custom/send"


async def fetch(wx: Platform, path: str = WAITING) -> httpx.Response:
    return await wx.http.get(path, params={"access_token": wx.token})


@pytest.mark.parametrize(
    ("value", "status", "begins"),
    [
        ("html", 200, b"<html>"),
        ("empty", 200, b""),
        ("not_json", 200, b'{"errcode": invalid'),
        ("http_500", 500, b"<html>"),
        ("truncated", 200, b'{"count":1,"wait'),
    ],
)
async def test_replies_that_are_no_json(wx: Platform, value: str, status: int, begins: bytes) -> None:
    wx.customer()
    wx.world.chaos.set("reply", value)
    reply = await fetch(wx)
    assert reply.status_code == status
    assert reply.content.startswith(begins)
    with pytest.raises(ValueError, match=r"."):
        json.loads(reply.content)
    wx.world.chaos.set("reply", "ok")
    assert (await fetch(wx)).json()["count"] == 1


async def test_replies_of_another_shape(wx: Platform) -> None:
    openid = wx.customer()
    case = {"latest_time": 1_790_000_000, "openid": openid}
    expected = {
        "missing_fields": {"count": 1},
        "numbers_as_strings": {"count": "1", "waitcaselist": [case | {"latest_time": "1790000000"}]},
        "errcode_string": {"count": 1, "waitcaselist": [case], "errcode": "0", "errmsg": "ok"},
    }
    for value, reply in expected.items():
        wx.world.chaos.set("reply", value, times=1)
        assert (await fetch(wx)).json() == reply
    wx.world.chaos.set("reply", "extra_fields", times=1)
    reply = (await fetch(wx)).json()
    assert "future_field" in reply
    assert "future_field" in reply["waitcaselist"][0]
    assert reply["count"] == 1


async def test_a_refusal_with_a_string_errcode(wx: Platform) -> None:
    wx.world.chaos.set("reply", "errcode_string")
    assert (await wx.say("x"))["errcode"] == "40003"


async def test_a_slow_reply_comes_after_the_effect(wx: Platform) -> None:
    wx.world.chaos.set("reply", "slow:20", paths="send")
    assert (await wx.say(wx.customer()))["errcode"] == 0
    assert wx.slept == [20.0]
    assert len(wx.world.ledger) == 1


@pytest.mark.parametrize(("value", "delivered"), [("-1_before", 0), ("-1_after", 1)])
async def test_system_error_before_and_after_the_effect(wx: Platform, value: str, delivered: int) -> None:
    wx.world.chaos.set("fault", value, times=1)
    openid = wx.customer()
    reply = await wx.say(openid)
    assert (reply["errcode"], len(wx.world.ledger)) == (-1, delivered)
    assert (await wx.say(openid))["errcode"] == 0


@pytest.mark.parametrize(("value", "delivered"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_broken_connection_before_and_after_the_effect(
    wx: Platform, value: str, delivered: int
) -> None:
    wx.world.chaos.set("fault", value, paths="custom/send", times=1)
    openid = wx.customer()
    with pytest.raises(ConnectionDropped):
        await wx.say(openid)
    assert len(wx.world.ledger) == delivered
    assert wx.world.calls[-1].outcome == value
    assert (await wx.say(openid))["errcode"] == 0


async def test_a_token_that_is_refused_once_or_always(wx: Platform) -> None:
    wx.world.chaos.set("token", "40001_once")
    assert [(await wx.get(WAITING)).get("errcode", 0) for _ in range(2)] == [40001, 0]
    wx.world.chaos.set("token", "40001_always")
    assert [(await wx.get(WAITING)).get("errcode", 0) for _ in range(3)] == [40001] * 3
    assert "access_token" in await get_token(wx)


@pytest.mark.parametrize("code", [40164, 40125, 40243])
async def test_token_endpoints_refuse(wx: Platform, code: int) -> None:
    wx.world.chaos.set("token", str(code))
    assert (await get_token(wx))["errcode"] == code
    assert "errcode" not in await wx.get(WAITING)


async def get_token(wx: Platform) -> Json:
    account = wx.world.account
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    return await wx.post("/cgi-bin/stable_token", body)


@pytest.mark.parametrize("code", [45009, 45011])
async def test_quotas(wx: Platform, code: int) -> None:
    wx.world.chaos.set("quota", str(code), paths="getwaitcase")
    assert (await wx.get(WAITING))["errcode"] == code
    assert "errcode" not in await wx.get("/cgi-bin/customservice/getkflist")


async def test_agent_gates(wx: Platform) -> None:
    openid = wx.customer()
    wx.world.chaos.set("agent_gate", "65415", times=1)
    assert "errcode" not in await wx.get(WAITING)  # neither refused nor counted
    assert (await wx.accept(openid))["errcode"] == 65415
    assert (await wx.accept(openid))["errcode"] == 0
    wx.world.chaos.set("agent_gate", "65400")
    assert (await wx.get(WAITING))["errcode"] == 65400


async def test_shapes_of_headers_and_texts(wx: Platform) -> None:
    await wx.control("chaos", content_type="text_plain", errmsg="hint", waitcase="legacy")
    openid = wx.customer()
    reply = await fetch(wx)
    assert reply.headers["content-type"].startswith("text/plain")
    assert reply.json()["waitcaselist"] == [{"openid": openid, "kf_account": "", "createtime": "1790000000"}]
    assert " hint: [" in (await wx.say("x"))["errmsg"]
    await wx.control("chaos", errmsg="none", content_type="json_charset")
    assert (await wx.say("x"))["errmsg"] == "invalid openid"
    assert (await fetch(wx)).headers["content-type"] == "application/json; charset=utf-8"


async def test_escaped_bodies_can_be_refused(wx: Platform) -> None:
    wx.world.chaos.set("escapes", "47002")
    openid = wx.customer()
    assert (await wx.say(openid, "你好"))["errcode"] == 0
    raw = json.dumps({"touser": openid, "msgtype": "text", "text": {"content": "你好"}}).encode()
    assert (await wx.post(SEND, raw=raw))["errcode"] == 47002


async def test_paths_and_times_limit_a_switch(wx: Platform) -> None:
    on = await wx.control("chaos", reply="html", paths="getwaitcase", times=2)
    assert on["on"] == [{"switch": "reply", "value": "html", "paths": "getwaitcase", "times": 2}]
    assert "kf_list" in await wx.get("/cgi-bin/customservice/getkflist")
    assert [(await fetch(wx)).content[:1] for _ in range(3)] == [b"<", b"<", b"{"]
    assert (await wx.http.get("/__sim__/chaos")).json()["on"] == []


async def test_the_newest_setting_wins_and_the_default_clears(wx: Platform) -> None:
    await wx.control("chaos", reply="html")
    await wx.control("chaos", reply="empty", paths="getwaitcase")
    assert (await fetch(wx)).content == b""
    await wx.control("chaos", reply="ok", paths="getwaitcase")
    assert (await fetch(wx)).content.startswith(b"<html>")
    await wx.control("chaos", reply="ok")
    assert (await fetch(wx)).content.startswith(b"{")
    await wx.control("chaos", reply="html", fault="-1_before")
    assert (await wx.control("chaos", clear=True)) == {"on": []}


@pytest.mark.parametrize(
    "body",
    [
        {"reply": "nonsense"},
        {"nonsense": "x"},
        {"reply": "slow:x"},
        {"reply": "html", "times": 0},
        {"reply": 1},
    ],
)
async def test_unknown_switches_are_refused(wx: Platform, body: Json) -> None:
    assert "error" in await wx.control("chaos", **body)
    assert wx.world.chaos.settings() == []


def test_every_switch_has_a_default_that_means_nothing_happens(world: World) -> None:
    for switch, values in SWITCHES.items():
        world.chaos.set(switch, values[0])
        assert world.chaos.take(switch, "/any") is None
