"""The control interface: what a test or a curious person may see and move."""

import base64
import json
from typing import Any

import httpx
import pytest

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.clock import AheadClock
from kefu_desk.simulator.levers import LEVERS
from kefu_desk.simulator.scenario import DEMO_AGENT, scenario
from tests.simulator.platform import Platform

WAITING = "/customservice/kfsession/getwaitcase"
NOON = 1_790_000_000
OK = {"ok": True}


async def see(wx: Platform, path: str = "", /, **query: str) -> Any:
    return (await wx.http.get(f"/__sim__/{path}", params=query)).json()


async def test_the_index_is_json_for_programs_and_escaped_html_for_browsers(wx: Platform) -> None:
    openid = wx.world.add_customer(remark="<b>林姐</b>").openid
    state = await see(wx)
    assert state["account"]["name"] == "鹿野生活馆"
    assert len(state["agents"]) == 9
    assert state["customers"][0]["openid"] == openid
    page = (await wx.http.get("/__sim__/", headers={"accept": "text/html"})).text
    assert "<b>" not in page
    assert "&lt;b&gt;林姐" in page
    assert "2026-09-21 22:13:20" in page  # of China
    assert wx.world.account.secret not in page + str(state)
    assert all(f"/__sim__/{name}" in page for name in LEVERS)
    assert (await wx.http.get("/__sim__", follow_redirects=True)).json() == state


async def test_everything_in_the_page_is_escaped(wx: Platform) -> None:
    bad = "\"'><script>alert(1)</script>"
    openid = (await wx.control("customers", openid=f"o{bad}", remark=bad))["openid"]
    wx.world.account.name = bad
    next(iter(wx.world.agents.values())).nick = bad
    wx.world.customer_says(openid, bad)
    await wx.accept(openid)
    page = (await wx.http.get("/__sim__/", headers={"accept": "text/html"})).text
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 5


async def test_the_whole_state_without_a_secret(wx: Platform) -> None:
    openid = wx.customer()
    await wx.accept(openid)
    await wx.say(openid, "您好")
    await wx.control("chaos", errmsg="none")
    response = await wx.http.get("/__sim__/state")
    state = response.json()
    assert set(state) == {
        "now", "account", "agents", "customers", "waiting", "sessions", "records", "tags", "media", "quota",
        "chaos", "calls", "pushes", "delivered", "forwards",
    }  # fmt: skip
    assert state["customers"][0]["sends_left"] == 4
    assert state["sessions"][0]["kf_account"] == DEMO_AGENT
    assert [r["text"] for r in state["records"]] == ["您好"]
    assert state["quota"]["used"]["/cgi-bin/message/custom/send"] == 1
    assert (state["calls"], state["delivered"]) == (2, 1)
    assert state["account"]["kefu_enabled"] is True
    assert wx.world.account.secret not in response.text
    assert wx.token not in response.text


async def test_a_customer_is_made_with_everything(wx: Platform) -> None:
    openid = (await wx.control("customers", remark="王先生", tags=["VIP", "老客户"], subscribed=False))[
        "openid"
    ]
    assert len(openid) == 28
    assert openid.startswith("o")
    customer = wx.world.customers[openid]
    assert (customer.remark, customer.subscribed, len(customer.tags)) == ("王先生", False, 2)
    assert await wx.control("customer", openid=openid, subscribed=True, tags=["VIP"], refusal=48002) == OK
    assert (customer.subscribed, customer.remark, customer.refusal) == (True, "王先生", 48002)
    assert [wx.world.tags[number] for number in customer.tags] == ["VIP"]
    assert len(wx.world.tags) == 2
    assert (await wx.control("customers", openid=openid))["error"] == "this openid exists"
    assert (await wx.control("customers", refusal=1))["error"] == "refusal is an errcode of WeChat, or 0"
    assert (await wx.control("customers", color="red"))["error"] == "unknown: color"
    assert len(wx.world.customers) == 1


async def test_a_blacklisted_customer_and_a_minor(wx: Platform) -> None:
    for field, errcode in (("blacklisted", 43019), ("minor", 70000)):
        openid = (await wx.control("customers", **{field: True}))["openid"]
        await wx.control("message", openid=openid, text="在吗")
        assert (await wx.say(openid))["errcode"] == errcode


async def test_a_customer_writes(wx: Platform) -> None:
    openid = (await wx.control("customers"))["openid"]
    assert await wx.control("message", openid=openid, text="在吗") == OK
    assert (await wx.get(WAITING))["count"] == 1
    assert (await wx.control("message", openid="x", text=""))["error"] == "unknown openid"
    assert "kind is one of text, image" in (await wx.control("message", openid=openid, kind="fax"))["error"]


@pytest.mark.parametrize("kind", ["image", "voice", "video", "shortvideo", "location", "link"])
async def test_a_message_that_is_no_text(wx: Platform, kind: str) -> None:
    openid = wx.customer()
    assert await wx.control("message", openid=openid, kind=kind) == OK
    assert (await see(wx, "pushes", kind=kind))["pushes"][0]["openid"] == openid
    await wx.accept(openid)
    await wx.control("message", openid=openid, kind=kind)
    assert [r["text"] for r in (await wx.records(NOON - 9, NOON))["recordlist"]] == [f"[{kind}]"]


async def test_a_picture_of_a_customer_can_be_fetched(wx: Platform) -> None:
    openid, jpeg = wx.customer(), b"\xff\xd8\xff\xe0" + bytes(99) + b"\xff\xd9"
    file = base64.b64encode(jpeg).decode()
    media_id = (await wx.control("message", openid=openid, kind="image", file=file))["media_id"]
    reply = await wx.http.get("/cgi-bin/media/get", params={"access_token": wx.token, "media_id": media_id})
    assert reply.content == jpeg
    assert (await see(wx, "state"))["media"][0]["size"] == len(jpeg)
    for kind, wrong in (("text", file), ("image", "?"), ("image", "AAAA")):
        assert "file" in (await wx.control("message", openid=openid, kind=kind, file=wrong))["error"]


async def test_following_and_leaving(wx: Platform) -> None:
    openid = wx.customer()
    assert await wx.control("unfollow", openid=openid) == OK
    assert (await wx.say(openid))["errcode"] == 45015
    assert (await wx.get(WAITING))["count"] == 0
    assert await wx.control("follow", openid=openid) == OK
    assert [(await wx.say(openid))["errcode"] for _ in range(4)] == [0, 0, 0, 45047]
    wx.customer()
    waits = (await wx.get(WAITING))["waitcaselist"][0]["openid"]
    assert await wx.control("leave", openid=waits) == OK
    assert (await wx.get(WAITING))["count"] == 0


@pytest.mark.parametrize(
    ("lever", "fields", "sends"),
    [
        ("menu", {"key": "ORDERS"}, 3),
        ("menu", {"event": "scancode_push"}, 3),
        ("menu", {"event": "VIEW", "key": "https://ex.test"}, 0),
        ("scan", {"scene": "12"}, 3),
        ("choose", {"id": "101", "text": "满意"}, 3),
        ("pay", {}, 0),
        ("message", {"text": "在吗"}, 5),
    ],
)
async def test_what_opens_a_window(wx: Platform, lever: str, fields: dict[str, str], sends: int) -> None:
    openid = wx.customer(writes="")
    assert await wx.control(lever, openid=openid, **fields) == OK
    codes = [(await wx.say(openid))["errcode"] for _ in range(6)]
    assert codes.count(0) == sends
    assert codes[-1] == (45047 if sends else 45015)
    assert (await wx.control(lever, openid="x", **fields))["error"] == "unknown openid"


async def test_agents_come_and_go_and_speak(wx: Platform) -> None:
    openid = wx.customer()
    assert await wx.control("agent", kf_account=DEMO_AGENT, online=False) == OK
    assert (await wx.accept(openid))["errcode"] == 65415
    await wx.control("agent", kf_account="kf2009@luye", online=True, wechat_id="feng_lei")
    assert (await wx.control("agent_message", openid=openid, text="您好"))["error"]
    assert (await wx.accept(openid, "kf2009@luye"))["errcode"] == 0
    assert await wx.control("agent_message", openid=openid, text="您好") == OK
    assert (await wx.records(NOON - 9, NOON))["recordlist"][0]["opercode"] == 2002
    assert (await wx.control("agent", kf_account="x", online=True))["error"] == "unknown kf_account"
    assert "true or false" in (await wx.control("agent", kf_account=DEMO_AGENT, online=1))["error"]


async def test_invitations_are_answered(wx: Platform) -> None:
    async def invite(answer: str, **more: str) -> Any:
        body = {"kf_account": "kf2009@luye", "invite_wx": "feng_lei_2026"}
        assert (await wx.post("/customservice/kfaccount/inviteworker", body))["errcode"] == 0
        assert await wx.control("invitation", kf_account="kf2009@luye", answer=answer) == OK
        return (await wx.get("/cgi-bin/customservice/getkflist"))["kf_list"][8]

    assert (await invite("reject"))["invite_status"] == "rejected"
    assert (await invite("accept"))["kf_wx"] == "feng_lei_2026"
    answered = await wx.control("invitation", kf_account="kf2009@luye", answer="accept")
    assert answered["error"] == "no open invitation"
    assert "accept, reject" in (await wx.control("invitation", kf_account="kf2009@luye"))["error"]


async def test_the_account_may_do_less(wx: Platform) -> None:
    assert await wx.control("account", kefu_enabled=False) == OK
    assert (await wx.get(WAITING))["errcode"] == 65400
    await wx.control("account", kefu_enabled=True, https_only=True, ip_list=["203.0.113.9"])
    assert (await wx.http.get(f"http://api.weixin.qq.com{WAITING}")).json()["errcode"] == 43003
    assert (await wx.get("/cgi-bin/token"))["errcode"] == 40164
    await wx.control("account", ip_list=None, session_lapse=60)
    assert (await wx.get("/cgi-bin/token"))["errcode"] == 41002
    openid = wx.customer()
    await wx.accept(openid)
    wx.clock.step(61)
    assert (await wx.get("/customservice/kfsession/getsession", openid=openid))["kf_account"] == ""
    assert "error" in await wx.control("account", verified="yes")
    assert "error" in await wx.control("account", ip_list="203.0.113.9")


async def test_the_clock_moves_and_the_date_header_with_it(wx: Platform) -> None:
    assert await wx.control("advance", seconds=60) == {"now": 1_790_000_060.0}
    reply = await wx.http.get("/cgi-bin/token")
    assert reply.headers["date"] == "Mon, 21 Sep 2026 14:14:20 GMT"
    assert await wx.control("clock", now=1_790_000_100) == {"now": 1_790_000_100.0}
    assert (await wx.control("clock", now=1_790_000_099))["error"] == "time does not go back"
    for wrong in (-1, "60", True, None):
        assert "error" in await wx.control("advance", seconds=wrong)


async def test_a_clock_that_runs_can_be_put_ahead_and_another_cannot_be_moved() -> None:
    time = [NOON]
    for clock, moved in ((AheadClock(lambda: time[0]), True), (lambda: time[0], False)):
        app = create_app(scenario("quiet", seed=1, now=NOON), clock=clock)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
            reply = (await http.post("/__sim__/advance", json={"seconds": 60})).json()
            assert reply == ({"now": NOON + 60} if moved else {"error": "this clock cannot be moved"})
            time[0] += 5
            assert (await http.get("/__sim__/")).json()["now"] == NOON + (65 if moved else 10)


async def test_reset_begins_again(wx: Platform) -> None:
    first = wx.customer()
    wx.world.chaos.set("reply", "html")
    await wx.control("reset")
    assert wx.world.customers == {}
    assert wx.world.chaos.settings() == []
    assert (await wx.get(WAITING))["errcode"] == 40001
    assert wx.customer() == first
    assert await wx.control("reset", seed=2) == {"now": float(NOON)}
    second = wx.customer()
    assert second != first
    await wx.control("reset")  # the same story again
    assert wx.customer() == second
    assert "error" in await wx.control("reset", seed="2")


async def test_another_scenario_takes_the_stage(wx: Platform) -> None:
    reply = await wx.control("scenario", name="busy", seed=3)
    assert reply["agent"] == DEMO_AGENT
    assert len((await see(wx))["waiting"]) == 100
    query = {"grant_type": "client_credential", "appid": reply["appid"], "secret": reply["secret"]}
    token = (await wx.http.get("/cgi-bin/token", params=query)).json()["access_token"]
    assert (await wx.http.get(WAITING, params={"access_token": token})).json()["count"] == 100
    assert "unknown scenario" in (await wx.control("scenario", name="nowhere"))["error"]
    for path in ("../x.toml", "/etc/passwd", "x.toml"):
        assert "by its name" in (await wx.control("scenario", name=path))["error"]


async def test_quota_and_pushes(wx: Platform) -> None:
    reply = await wx.control("quota", path=WAITING, daily=0)
    assert reply["daily"][WAITING] == 0
    assert (await wx.get(WAITING))["errcode"] == 45009
    await wx.control("quota", path=WAITING, daily=10, used=9)
    assert "errcode" not in await wx.get(WAITING)
    assert (await wx.get(WAITING))["errcode"] == 45009
    await wx.control("quota", path=WAITING, minute=1)
    assert (await wx.get(WAITING))["errcode"] == 45011
    assert (await see(wx, "quota"))["minute"][WAITING] == 1
    assert "error" in await wx.control("quota", path="getwaitcase", daily=1)
    openid = wx.customer(writes="你好")
    assert (await see(wx, "pushes"))["pushes"][0]["openid"] == openid
    assert (await see(wx, "pushes", openid="x"))["pushes"] == []


async def test_the_inbox_holds_the_bytes_as_received(wx: Platform) -> None:
    openid, other = wx.customer(), wx.customer()
    raw = b'{ "touser":"%b", "msgtype":"text" ,"text":{"content":"\xe4\xbd\xa0"}}\n' % openid.encode()
    await wx.post("/cgi-bin/message/custom/send", raw=raw)
    await wx.say(other, "别人")
    entry = (await see(wx, f"inbox/{openid}"))["ledger"]
    assert [(e["text"], base64.b64decode(e["body_base64"])) for e in entry] == [("你", raw)]
    assert (await wx.http.get(f"/__sim__/inbox/{openid}/0")).content == raw
    assert (await wx.http.get(f"/__sim__/inbox/{openid}/1")).status_code == 404
    assert len((await see(wx, "ledger"))["ledger"]) == 2
    assert len((await see(wx, f"ledger/{other}"))["ledger"]) == 1


async def test_the_log_of_calls_can_be_filtered(wx: Platform) -> None:
    await wx.get(WAITING)
    wx.clock.step(10)
    wx.world.chaos.set("fault", "-1_before", times=1)
    await wx.get(WAITING)
    await wx.say("nobody")
    for query, count in (
        ({}, 3),
        ({"path": "getwaitcase"}, 2),
        ({"errcode": "40003"}, 1),
        ({"errcode": "None"}, 1),
        ({"outcome": "-1_before"}, 1),
        ({"method": "POST"}, 1),
        ({"since": str(NOON + 1)}, 2),
        ({"limit": "1"}, 1),
        ({"limit": "0"}, 0),
    ):
        assert len((await see(wx, "calls", **query))["calls"]) == count, query
    newest = (await see(wx, "calls", limit="1"))["calls"][0]
    assert newest["path"].endswith("custom/send")
    assert "error" in await see(wx, "calls", since="yesterday")


async def test_a_mistake_in_one_switch_moves_none(wx: Platform) -> None:
    assert "error" in await wx.control("chaos", reply="html", errmsg="nonsense")
    assert "error" in await wx.control("chaos", clear=True, nonsense="x")
    assert wx.world.chaos.settings() == []
    told = await wx.control("chaos", fault="-1_after", skip=2, times=1, paths="send")
    assert told["on"] == [{"switch": "fault", "value": "-1_after", "paths": "send", "times": 1, "skip": 2}]


async def test_nonsense_is_answered_with_400(wx: Platform) -> None:
    for raw in (b"[]", b"{", b"\xff", b"1", b"null"):
        for name in LEVERS:
            reply = await wx.http.post(f"/__sim__/{name}", content=raw)
            assert reply.status_code == 400
            assert "error" in json.loads(reply.content)
    assert (await wx.http.post("/__sim__/reset", content=b" " * (16 * 1024 * 1024 + 1))).status_code == 400


async def test_the_control_interface_never_stands_under_a_path_of_wechat(wx: Platform) -> None:
    for path in ("/cgi-bin/__sim__/", "/customservice/__sim__/reset", "/__sim__x/"):
        assert (await wx.get(path))["errcode"] == 40066


async def test_half_a_character_is_shown_as_its_escape(wx: Platform) -> None:
    async def move(name: str, **fields: str) -> Any:
        return (await wx.http.post(f"/__sim__/{name}", content=json.dumps(fields))).json()

    openid = (await move("customers", remark="王\ud83d"))["openid"]
    await move("message", openid=openid, text="在")
    await wx.accept(openid)
    await move("message", openid=openid, text="\udc00")
    assert (await move("chaos", reply='body:"\ud800"', about="\ud800"))["on"][0]["about"] == "\ud800"
    assert "errcode" not in await wx.get(WAITING)
    state = await see(wx, "state")
    assert state["customers"][0]["remark"] == "王\ud83d"
    assert [record["text"] for record in state["records"]] == ["\udc00"]
    assert "王?" in (await wx.http.get("/__sim__/", headers={"accept": "text/html"})).text
