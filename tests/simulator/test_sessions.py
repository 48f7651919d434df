"""Accepting and closing, the waiting queue, the lists, and the lapse after 30 idle minutes."""

import pytest

from kefu_desk.simulator.handover import hand_over
from tests.simulator.platform import Platform

OK = {"errcode": 0, "errmsg": "ok"}
CLOSE = "/customservice/kfsession/close"
WAITING = "/customservice/kfsession/getwaitcase"


async def test_accepting_takes_the_customer_out_of_the_queue(wx: Platform) -> None:
    openid = wx.customer()
    assert await wx.get(WAITING) == {
        "count": 1, "waitcaselist": [{"latest_time": 1_790_000_000, "openid": openid}]
    }  # fmt: skip
    wx.clock.step(9)
    assert await wx.accept(openid) == OK
    assert await wx.get(WAITING) == {"count": 0, "waitcaselist": []}
    session = {"createtime": 1_790_000_009, "openid": openid}
    assert await wx.get("/customservice/kfsession/getsessionlist", kf_account="kf2001@luye") == {
        "sessionlist": [session]
    }
    assert await wx.get("/customservice/kfsession/getsession", openid=openid) == {
        "createtime": 1_790_000_009, "kf_account": "kf2001@luye"
    }  # fmt: skip
    online = await wx.get("/cgi-bin/customservice/getonlinekflist")
    assert online["kf_online_list"][0] == {
        "kf_account": "kf2001@luye", "status": 1, "kf_id": 1001, "accepted_case": 1
    }  # fmt: skip
    assert [(p.kind, p.kf_account) for p in wx.world.pushes] == [
        ("text", ""), ("kf_create_session", "kf2001@luye")
    ]  # fmt: skip


async def test_the_online_list_has_only_logged_in_agents(wx: Platform) -> None:
    async def online() -> list[str]:
        reply = await wx.get("/cgi-bin/customservice/getonlinekflist")
        return [a["kf_account"] for a in reply["kf_online_list"]]

    assert await online() == [f"kf{n}@luye" for n in range(2001, 2007)]
    await wx.control("agent", kf_account="kf2001@luye", online=False)
    await wx.control("agent", kf_account="kf2008@luye", online=True)
    assert await online() == [f"kf{n}@luye" for n in (2002, 2003, 2004, 2005, 2006, 2008)]


async def test_the_order_of_refusals_when_accepting(wx: Platform) -> None:
    openid = wx.customer()
    assert (await wx.accept("nobody", "nobody@luye"))["errcode"] == 65401
    assert (await wx.accept("nobody", "kf2009@luye"))["errcode"] == 40003
    assert (await wx.accept(openid, "kf2009@luye"))["errcode"] == 65402
    assert (await wx.accept(openid, "kf2007@luye"))["errcode"] == 65415
    assert await wx.accept(openid) == OK
    assert await wx.accept(openid) == OK
    assert (await wx.accept(openid, "kf2002@luye"))["errcode"] == 65414
    wx.world.agents["kf2001@luye"].online = False
    assert (await wx.accept(openid))["errcode"] == 65415  # being online is asked before "the same pair"


async def test_accepting_without_waiting_is_allowed(wx: Platform) -> None:
    assert await wx.accept(wx.customer(writes="")) == OK


async def test_closing(wx: Platform) -> None:
    openid = wx.customer()
    mine = {"kf_account": "kf2001@luye", "openid": openid}
    assert (await wx.post(CLOSE, mine | {"kf_account": "x@luye", "openid": "x"}))["errcode"] == 65401
    assert (await wx.post(CLOSE, mine | {"openid": "x"}))["errcode"] == 40003
    assert (await wx.post(CLOSE, mine))["errcode"] == 65413
    await wx.accept(openid)
    assert (await wx.post(CLOSE, mine | {"kf_account": "kf2002@luye"}))["errcode"] == 65414
    assert await wx.post(CLOSE, mine) == OK
    assert (await wx.post(CLOSE, mine))["errcode"] == 65413
    assert wx.world.pushes[-1].kind == "kf_close_session"


async def test_lists_of_strangers(wx: Platform) -> None:
    sessions, one = "/customservice/kfsession/getsessionlist", "/customservice/kfsession/getsession"
    assert (await wx.get(sessions))["errcode"] == 65401
    assert (await wx.get(sessions, kf_account="kf2009@luye"))["errcode"] == 65402
    assert await wx.get(sessions, kf_account="kf2003@luye") == {"sessionlist": []}
    assert (await wx.get(one, openid="x"))["errcode"] == 40003
    assert await wx.get(one, openid=wx.customer()) == {"createtime": 0, "kf_account": ""}


async def test_writing_again_moves_latest_time_but_not_the_place(wx: Platform) -> None:
    first, second = wx.customer(), wx.customer()
    assert (await wx.get(WAITING))["count"] == 2
    wx.clock.step(30)
    await wx.control("message", openid=first, text="还在吗")
    cases = (await wx.get(WAITING))["waitcaselist"]
    assert [(c["openid"], c["latest_time"] - 1_790_000_000) for c in cases] == [(first, 30), (second, 0)]


async def test_the_queue_lists_100_and_counts_all(wx: Platform) -> None:
    openids = [wx.customer() for _ in range(150)]
    reply = await wx.get(WAITING)
    assert reply["count"] == 150
    assert [c["openid"] for c in reply["waitcaselist"]] == openids[:100]


async def test_a_session_lapses_30_minutes_after_the_last_message_of_either_side(wx: Platform) -> None:
    openid = wx.customer()
    await wx.accept(openid)

    async def served() -> bool:
        return (await wx.get("/customservice/kfsession/getsession", openid=openid))["kf_account"] != ""

    wx.clock.step(1799)
    assert await served()
    await wx.say(openid)
    wx.clock.step(1799)
    assert await served()
    await wx.control("message", openid=openid, text="好的")
    wx.clock.step(1799)
    assert await served()
    wx.clock.step(1)
    assert not await served()
    assert wx.world.pushes[-1].kind == "kf_close_session"
    await wx.control("message", openid=openid, text="人呢")
    assert (await wx.get(WAITING))["count"] == 1
    assert wx.world.pushes[-1].text == "人呢"


async def test_without_forwarding_a_message_goes_to_the_shops_server_only(wx: Platform) -> None:
    wx.world.forwards = False
    wx.customer(writes="你好")
    assert (await wx.get(WAITING))["count"] == 0
    assert [p.text for p in wx.world.pushes] == ["你好"]


@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_deleting_an_agent_ends_the_sessions(wx: Platform, verb: str) -> None:
    openid = wx.customer()
    await wx.accept(openid)
    path = "/customservice/kfaccount/del"
    if verb == "GET":
        assert await wx.get(path, kf_account="kf2001@luye") == OK
    else:
        assert await wx.post(path, {"kf_account": "kf2001@luye"}) == OK
    assert openid not in wx.world.sessions
    assert (await wx.get(path, kf_account="kf2001@luye"))["errcode"] == 65401


async def test_a_designated_customer_is_shown_in_the_older_list(wx: Platform) -> None:
    openid = wx.customer()
    wx.world.waiting.touch(openid, wx.clock(), "kf2007@luye")
    wx.world.customer_says(openid, "在吗")
    wx.world.chaos.set("waitcase", "legacy")
    (case,) = (await wx.get(WAITING))["waitcaselist"]
    assert case["kf_account"] == "kf2007@luye"


async def test_after_30_idle_minutes_a_session_may_only_stop_forwarding(wx: Platform) -> None:
    wx.world.chaos.set("lapse", "stops_forwarding")
    openid = wx.customer()
    await wx.accept(openid)
    wx.clock.step(1800)
    await wx.control("message", openid=openid, text="人呢")
    session = await wx.get("/customservice/kfsession/getsession", openid=openid)
    assert session["kf_account"] == "kf2001@luye"
    assert (wx.world.pushes[-1].kind, wx.world.pushes[-1].text) == ("text", "人呢")
    assert (await wx.get(WAITING))["count"] == 0
    assert wx.world.records.all == []
    assert await wx.post(CLOSE, {"kf_account": "kf2001@luye", "openid": openid}) == OK


async def test_a_session_may_lapse_30_minutes_after_its_beginning(wx: Platform) -> None:
    wx.world.chaos.set("lapse_from", "creation")
    openid = wx.customer()
    await wx.accept(openid)
    wx.clock.step(1799)
    await wx.control("message", openid=openid, text="还在")
    assert openid in wx.world.sessions
    wx.clock.step(1)
    await wx.get(WAITING)
    assert openid not in wx.world.sessions


async def test_how_long_a_session_idles_is_a_setting(wx: Platform) -> None:
    wx.world.account.session_lapse = 60.0
    openid = wx.customer()
    await wx.accept(openid)
    wx.clock.step(60)
    await wx.get(WAITING)
    assert openid not in wx.world.sessions


async def test_unfollowing_ends_session_waiting_and_typing_rights(wx: Platform) -> None:
    served, waiting = wx.customer(), wx.customer()
    await wx.accept(served)
    for openid in (served, waiting):
        wx.world.unfollow(openid)
        reply = await wx.post("/cgi-bin/message/custom/typing", {"touser": openid, "command": "Typing"})
        assert reply["errcode"] == 45015
    assert (await wx.get(WAITING))["count"] == 0
    assert wx.world.sessions == {}


async def test_an_agent_hands_a_customer_over(wx: Platform) -> None:
    openid = wx.customer()
    await wx.accept(openid)
    hand_over(wx.world, openid, "kf2002@luye")
    session = await wx.get("/customservice/kfsession/getsession", openid=openid)
    assert session == {"createtime": 1_790_000_000, "kf_account": "kf2002@luye"}
    event = wx.world.pushes[-1]
    assert (event.kind, event.from_account, event.kf_account) == (
        "kf_switch_session", "kf2001@luye", "kf2002@luye"
    )  # fmt: skip
    assert (await wx.post(CLOSE, {"kf_account": "kf2001@luye", "openid": openid}))["errcode"] == 65414
    with pytest.raises(KeyError):
        hand_over(wx.world, openid, "x@luye")
