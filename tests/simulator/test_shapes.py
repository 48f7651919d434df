"""The shapes in which the platform was seen to answer: one test for each row of API reference 13.5."""

import json

import httpx
import pytest

from kefu_desk.simulator.chaos import SWITCHES
from kefu_desk.simulator.scenario import DEMO_AGENT
from tests.simulator.platform import Json, Platform

WAITING = "/customservice/kfsession/getwaitcase"
LIST = "/cgi-bin/customservice/getkflist"
ONLINE = "/cgi-bin/customservice/getonlinekflist"
SESSIONS = "/customservice/kfsession/getsessionlist"
UPDATE = "/customservice/kfaccount/update"
DELETE = "/customservice/kfaccount/del"
AVATAR = "/customservice/kfaccount/uploadheadimg"
NOON = 1_790_000_000  # 22:13:20 in China

ROWS = {
    "content_type": ("json_encoding", "json_charset", "text_plain"),
    "kf_id": ("int", "str"),
    "numbers": ("int", "str"),
    "errmsg": ("rid", "hint", "none"),
    "envelope": ("absent", "present", "string"),
    "empty_lists": ("[]", "missing"),
    "broken_text": ("off", "on"),
    "avatar_error": ("valid", "invalid"),
    "waitcase": ("latest_time", "legacy"),
    "online_status": ("0/1", "bit_mask"),
    "del_verb": ("both", "post", "get"),
    "del_effect": ("real", "nothing"),
    "cursor": ("exclusive", "inclusive"),
    "range": ("24h", "same_day"),
    "window": ("max", "buckets"),
    "allowance": ("5", "20"),
    "msgmenu_click_trigger": ("menu", "message"),
    "multipart": ("on", "off"),
    "escapes": ("literal", "47002"),
    "transport": ("ok", "slow", "-1_before", "-1_after", "reset_before", "reset_after"),
    "quota": ("normal", "45009", "45011"),
    "agent_gate": ("normal", "65415", "65400"),
}


@pytest.mark.parametrize("switch", ROWS)
def test_every_row_is_a_switch_with_exactly_these_values(switch: str) -> None:
    assert SWITCHES[switch] == ROWS[switch]


async def fetch(wx: Platform, path: str = WAITING, **query: str) -> bytes:
    return (await wx.http.get(path, params={"access_token": wx.token, **query})).content


async def test_content_types(wx: Platform) -> None:
    kinds = {}
    for value in SWITCHES["content_type"]:
        wx.world.chaos.set("content_type", value)
        reply = await wx.http.get(WAITING, params={"access_token": wx.token})
        kinds[value] = reply.headers["content-type"]
        assert reply.json()["count"] == 0
    assert kinds == {
        "json_encoding": "application/json; encoding=utf-8",
        "json_charset": "application/json; charset=utf-8",
        "text_plain": "text/plain",
    }


async def test_worker_numbers_as_text(wx: Platform) -> None:
    before = (await wx.get(LIST))["kf_list"][0]
    wx.world.chaos.set("kf_id", "str")
    assert (await wx.get(LIST))["kf_list"][0] == before | {"kf_id": "1001"}
    assert {a["kf_id"] for a in (await wx.get(ONLINE))["kf_online_list"]} >= {"1001"}
    assert (await wx.get(WAITING))["count"] == 0


async def test_every_number_as_text(wx: Platform) -> None:
    openid = wx.customer()
    wx.world.chaos.set("numbers", "str")
    case = {"latest_time": str(NOON), "openid": openid}
    assert await wx.get(WAITING) == {"count": "1", "waitcaselist": [case]}
    assert (await wx.say("nobody"))["errcode"] == "40003"
    assert await wx.say(openid) == {"errcode": "0", "errmsg": "ok"}


async def test_errmsg_suffixes(wx: Platform) -> None:
    words = {}
    for value in SWITCHES["errmsg"]:
        wx.world.chaos.set("errmsg", value)
        words[value] = (await wx.say("nobody"))["errmsg"]
    assert words["rid"].startswith("invalid openid rid: ")
    assert words["hint"].startswith("invalid openid hint: [")
    assert words["none"] == "invalid openid"


async def test_the_envelope_on_reads(wx: Platform) -> None:
    plain: Json = {"count": 0, "waitcaselist": []}
    assert await fetch(wx) == b'{"count":0,"waitcaselist":[]}'
    wx.world.chaos.set("envelope", "present")
    assert await wx.get(WAITING) == {"errcode": 0, "errmsg": "ok"} | plain
    wx.world.chaos.set("envelope", "string")
    assert await wx.get(WAITING) == {"errcode": "0", "errmsg": "ok"} | plain
    assert (await wx.say("nobody"))["errcode"] == "40003"
    assert await wx.say(wx.customer()) == {"errcode": "0", "errmsg": "ok"}


async def test_empty_lists_may_be_missing(wx: Platform) -> None:
    wx.world.chaos.set("empty_lists", "missing")
    assert await wx.get(WAITING) == {"count": 0}
    assert await wx.get(SESSIONS, kf_account=DEMO_AGENT) == {}
    assert await wx.records(NOON - 60, NOON) == {"number": 0, "msgid": 0}
    wx.customer()
    assert len((await wx.get(WAITING))["waitcaselist"]) == 1


async def test_broken_text_in_records_and_remarks(wx: Platform) -> None:
    openid = wx.world.add_customer(remark="王").openid
    wx.world.customer_says(openid, "你好")
    await wx.accept(openid)
    wx.world.customer_says(openid, "在吗")
    wx.world.chaos.set("broken_text", "on")
    body = {"starttime": NOON - 60, "endtime": NOON, "msgid": 1, "number": 9}
    reply = await wx.http.post(
        "/customservice/msgrecord/getmsglist", params={"access_token": wx.token}, json=body
    )
    info = await fetch(wx, "/cgi-bin/user/info", openid=openid)
    for content, words in ((reply.content, "在吗"), (info, "王")):
        assert words.encode() + b"\x01\x0b\x1f\xff\xe4\xbd" in content
        with pytest.raises(UnicodeDecodeError):
            content.decode()
        text = content.decode("utf-8", "replace")
        with pytest.raises(ValueError, match="control character"):
            json.loads(text)
        assert openid in json.dumps(json.loads(text, strict=False))
    assert b"\xff" not in await fetch(wx, LIST)


async def test_the_error_of_an_avatar_may_be_no_json(wx: Platform) -> None:
    async def upload(account: str) -> httpx.Response:
        return await wx.http.post(
            AVATAR,
            params={"access_token": wx.token, "kf_account": account},
            files={"media": ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(64) + b"\xff\xd9", "image/jpeg")},
        )

    assert (await upload("nobody@luye")).json()["errcode"] == 65401
    wx.world.chaos.set("avatar_error", "invalid", times=1)
    assert (await upload(DEMO_AGENT)).json()["errcode"] == 0
    assert (await upload("nobody@luye")).content == (
        b'{"errcode": invalid kf_account, "errmsg":"invalid kf_account"}'
    )
    assert (await upload("nobody@luye")).json()["errcode"] == 65401
    wx.world.chaos.set("avatar_error", "invalid")
    assert (await wx.say("nobody"))["errcode"] == 40003


async def test_the_older_items_of_the_queue(wx: Platform) -> None:
    openid = wx.customer()
    assert (await wx.get(WAITING))["waitcaselist"] == [{"latest_time": NOON, "openid": openid}]
    wx.world.chaos.set("waitcase", "legacy")
    old = {"openid": openid, "kf_account": "", "createtime": str(NOON)}
    assert (await wx.get(WAITING))["waitcaselist"] == [old]


async def test_online_as_a_bit_mask(wx: Platform) -> None:
    agents = [a["kf_account"] for a in (await wx.get(ONLINE))["kf_online_list"]]
    assert {a["status"] for a in (await wx.get(ONLINE))["kf_online_list"]} == {1}
    wx.world.chaos.set("online_status", "bit_mask")
    masked = (await wx.get(ONLINE))["kf_online_list"]
    assert {a["status"] for a in masked} == {1, 2, 3}
    assert [a["kf_account"] for a in masked] == agents


@pytest.mark.parametrize(("verb", "get", "post"), [("both", 0, 0), ("post", 43002, 0), ("get", 0, 43001)])
async def test_the_verb_of_deleting(wx: Platform, verb: str, get: int, post: int) -> None:
    wx.world.chaos.set("del_verb", verb)
    assert (await wx.get(DELETE, kf_account="kf2008@luye")).get("errcode") == get
    assert (await wx.post(DELETE, {"kf_account": "kf2009@luye"}))["errcode"] == post
    assert len(wx.world.agents) == 7 + bool(get) + bool(post)


async def test_deleting_that_is_said_to_have_worked(wx: Platform) -> None:
    wx.world.chaos.set("del_effect", "nothing", times=1)
    assert (await wx.post(DELETE, {"kf_account": "nobody@luye"}))["errcode"] == 65401
    assert (await wx.post(DELETE, {"kf_account": "kf2009@luye"}))["errcode"] == 0
    assert len((await wx.get(LIST))["kf_list"]) == 9
    assert (await wx.post(DELETE, {"kf_account": "kf2009@luye"}))["errcode"] == 0
    assert len((await wx.get(LIST))["kf_list"]) == 8


async def test_the_cursor_of_records(wx: Platform) -> None:
    openid = wx.customer()
    await wx.accept(openid)
    for text in "甲乙丙":
        wx.world.customer_says(openid, text)
    first = await wx.records(NOON - 60, NOON, number=2)
    assert [r["text"] for r in first["recordlist"]] == ["甲", "乙"]
    second = await wx.records(NOON - 60, NOON, msgid=first["msgid"])
    assert [r["text"] for r in second["recordlist"]] == ["丙"]
    wx.world.chaos.set("cursor", "inclusive")
    second = await wx.records(NOON - 60, NOON, msgid=first["msgid"])
    assert [r["text"] for r in second["recordlist"]] == ["乙", "丙"]


async def test_the_range_of_records(wx: Platform) -> None:
    midnight = NOON - 80_000  # 00:00 in China
    assert "errcode" not in await wx.records(midnight - 1, midnight)
    wx.world.chaos.set("range", "same_day")
    assert (await wx.records(midnight - 1, midnight))["errcode"] == 65417
    assert "errcode" not in await wx.records(midnight, midnight + 86_399)


async def test_escaped_bodies(wx: Platform) -> None:
    openid = wx.customer()
    raw = json.dumps({"touser": openid, "msgtype": "text", "text": {"content": "你"}}).encode()
    assert (await wx.post("/cgi-bin/message/custom/send", raw=raw))["errcode"] == 0
    assert wx.world.ledger[0].text == "\\u4f60"
    wx.world.chaos.set("escapes", "47002")
    assert (await wx.post("/cgi-bin/message/custom/send", raw=raw))["errcode"] == 47002
    assert len(wx.world.ledger) == 1


async def test_a_young_token_is_refused_until_it_is_old_enough(wx: Platform) -> None:
    wx.world.chaos.set("token", "40001_young")
    assert [(await wx.get(WAITING)).get("errcode", 0) for _ in range(2)] == [40001, 40001]
    wx.clock.step(59)
    assert (await wx.get(WAITING))["errcode"] == 40001
    wx.clock.step(1)
    assert "errcode" not in await wx.get(WAITING)
    wx.clock.step(30)
    wx.token = wx.world.tokens.stable(wx.clock(), force=True).value
    assert (await wx.get(WAITING))["errcode"] == 40001


async def test_shapes_may_be_combined_and_limited(wx: Platform) -> None:
    wx.world.chaos.set("envelope", "present", paths="getwaitcase")
    wx.world.chaos.set("numbers", "str", paths="getwaitcase", times=1)
    wx.world.chaos.set("empty_lists", "missing")
    assert await wx.get(WAITING) == {"errcode": "0", "errmsg": "ok", "count": "0"}
    assert await wx.get(WAITING) == {"errcode": 0, "errmsg": "ok", "count": 0}
    assert await wx.get(SESSIONS, kf_account=DEMO_AGENT) == {}


async def test_answers_with_tokens_change_too(wx: Platform) -> None:
    account = wx.world.account
    wx.world.chaos.set("numbers", "str")
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    assert (await wx.post("/cgi-bin/stable_token", body))["expires_in"] == "7200"


@pytest.mark.parametrize("value", SWITCHES["records"][1:])
async def test_odd_records(wx: Platform, value: str) -> None:
    openid = wx.customer()
    await wx.accept(openid)
    for text in "甲乙丙":
        wx.world.customer_says(openid, text)
    plain = await wx.records(NOON - 60, NOON)
    wx.world.chaos.set("records", value)
    odd = await wx.records(NOON - 60, NOON)
    texts = [record.get("text") for record in odd["recordlist"]]
    assert (texts, odd["number"]) == {
        "malformed": (["甲", None, "丙"], 3),
        "surrogate": (["甲\ud83d", "乙\ud83d", "丙\ud83d"], 3),
        "nul": (["甲\0", "乙\0", "丙\0"], 3),
        "unordered": (["丙", "乙", "甲"], 3),
        "miscounted": (["甲", "乙", "丙"], 4),
    }[value]
    assert odd["msgid"] == plain["msgid"]
    assert await wx.records(NOON - 9000, NOON - 8000) == {"recordlist": [], "number": 0, "msgid": 0}
