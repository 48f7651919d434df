"""What is known about followers, remarks, and the blacklist."""

import pytest

from kefu_desk.simulator import users
from tests.simulator.platform import Json, Platform

OK = {"errcode": 0, "errmsg": "ok"}
INFO, BATCH, REMARK = "/cgi-bin/user/info", "/cgi-bin/user/info/batchget", "/cgi-bin/user/info/updateremark"
GET = "/cgi-bin/user/get"
BLACKLIST = "/cgi-bin/tags/members/getblacklist"
BLOCK, UNBLOCK = "/cgi-bin/tags/members/batchblacklist", "/cgi-bin/tags/members/batchunblacklist"
STRANGER = "oLuye" + "x" * 23


async def test_a_follower(wx: Platform) -> None:
    openid = wx.world.add_customer(remark="老客户-王").openid
    customer = wx.world.customers[openid]
    assert await wx.get(INFO, openid=openid, lang="zh_CN") == {
        "subscribe": 1, "openid": openid, "language": "zh_CN", "subscribe_time": customer.subscribe_time,
        "remark": "老客户-王", "groupid": 0, "tagid_list": [], "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0, "qr_scene_str": "",
    }  # fmt: skip
    customer.unionid = "oUnion"
    assert (await wx.get(INFO, openid=openid))["unionid"] == "oUnion"
    wx.world.unfollow(openid)
    assert await wx.get(INFO, openid=openid) == {"subscribe": 0, "openid": openid, "unionid": "oUnion"}


@pytest.mark.parametrize("openid", ["", "x", STRANGER])
async def test_nobody(wx: Platform, openid: str) -> None:
    assert (await wx.get(INFO, openid=openid))["errcode"] == 40003
    body = {"user_list": [{"openid": wx.customer()}, {"openid": openid}]}
    assert (await wx.post(BATCH, body))["errcode"] == 40003
    assert (await wx.post(REMARK, {"openid": openid, "remark": "x"}))["errcode"] == 40003


async def test_a_batch(wx: Platform) -> None:
    openids = [wx.customer() for _ in range(100)]
    wx.world.unfollow(openids[1])
    reply = await wx.post(BATCH, {"user_list": [{"openid": o, "lang": "zh_CN"} for o in openids]})
    assert [(u["openid"], u["subscribe"]) for u in reply["user_info_list"]] == [
        (o, int(o != openids[1])) for o in openids
    ]
    for wrong in ([], [{"openid": o} for o in [*openids, openids[0]]], None):
        assert (await wx.post(BATCH, {"user_list": wrong}))["errcode"] == 40032
    assert (await wx.post(BATCH, {"user_list": ["x"]}))["errcode"] == 40003


async def test_remarks(wx: Platform) -> None:
    openid = wx.customer()

    async def note(remark: object) -> int:
        return (await wx.post(REMARK, {"openid": openid, "remark": remark}))["errcode"]

    assert await note("鹿" * 9 + "xx") == 0
    assert (await wx.get(INFO, openid=openid))["remark"] == "鹿" * 9 + "xx"
    assert await note("鹿" * 10) == 40092
    assert await note(7) == 40092
    assert await note("") == 0
    assert (await wx.get(INFO, openid=openid))["remark"] == ""
    wx.world.unfollow(openid)
    assert await note("x") == 43004
    wx.world.account.verified = False
    assert await note("x") == 48001


async def test_followers_in_pages(wx: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await wx.get(GET) == {"total": 0, "count": 0, "next_openid": ""}
    monkeypatch.setattr(users, "PAGE", 2)
    openids = [wx.customer() for _ in range(4)]
    wx.world.unfollow(openids.pop())
    first = {"total": 3, "count": 2, "data": {"openid": openids[:2]}, "next_openid": openids[1]}
    assert await wx.get(GET) == first
    assert await wx.get(GET, next_openid="") == first
    assert await wx.get(GET, next_openid=openids[1]) == {
        "total": 3, "count": 1, "data": {"openid": openids[2:]}, "next_openid": openids[2]
    }  # fmt: skip
    assert await wx.get(GET, next_openid=openids[2]) == {"total": 3, "count": 0, "next_openid": ""}
    assert (await wx.get(GET, next_openid="x"))["errcode"] == 40003


async def test_the_blacklist(wx: Platform) -> None:
    first, second = wx.customer(), wx.customer()
    assert await wx.post(BLACKLIST, {"begin_openid": ""}) == {"total": 0, "count": 0, "next_openid": ""}
    assert await wx.post(BLOCK, {"openid_list": [second, first]}) == OK
    blocked = {"total": 2, "count": 2, "data": {"openid": [first, second]}, "next_openid": second}
    assert await wx.post(BLACKLIST, {"begin_openid": ""}) == blocked
    assert await wx.post(BLACKLIST, {}) == blocked
    assert (await wx.say(first))["errcode"] == 43019
    assert await wx.post(UNBLOCK, {"openid_list": [first]}) == OK
    assert await wx.say(first) == OK
    assert (await wx.post(BLACKLIST, {"begin_openid": first}))["errcode"] == 40003


@pytest.mark.parametrize("path", [BLOCK, UNBLOCK])
async def test_the_blacklist_changes_all_or_nothing(wx: Platform, path: str) -> None:
    openids = [wx.customer() for _ in range(21)]
    wx.world.customers[openids[0]].blacklisted = before = path == UNBLOCK

    async def code(*listed: object) -> int:
        return (await wx.post(path, {"openid_list": list(listed)}))["errcode"]

    assert await code() == 40032
    assert await code(*openids) == 40032
    assert await code(openids[0], "x") == 40003
    assert await code(openids[0], 7) == 40003
    assert await code(openids[0], STRANGER) == 49003
    assert (await wx.post(path, {"openid_list": openids[0]}))["errcode"] == 40032
    assert wx.world.customers[openids[0]].blacklisted == before
    assert await code(*openids[:20]) == 0
    assert wx.world.customers[openids[0]].blacklisted != before


async def test_customers_need_no_customer_service(wx: Platform) -> None:
    openid = wx.customer()
    wx.world.account.kefu_enabled = False
    info: Json = await wx.get(INFO, openid=openid)
    assert info["subscribe"] == 1
