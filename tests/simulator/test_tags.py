"""Tags: names, limits, and what happens to the users of one."""

import pytest

from kefu_desk.simulator import tags
from tests.simulator.platform import Json, Platform

OK = {"errcode": 0, "errmsg": "ok"}
CREATE, GET = "/cgi-bin/tags/create", "/cgi-bin/tags/get"
UPDATE, DELETE = "/cgi-bin/tags/update", "/cgi-bin/tags/delete"
FANS, OF = "/cgi-bin/user/tag/get", "/cgi-bin/tags/getidlist"
TAG, UNTAG = "/cgi-bin/tags/members/batchtagging", "/cgi-bin/tags/members/batchuntagging"
STRANGER = "oLuye" + "x" * 23


async def create(wx: Platform, name: object) -> Json:
    return await wx.post(CREATE, {"tag": {"name": name}})


async def tag(wx: Platform, tag_id: object, *openids: str) -> Json:
    return await wx.post(TAG, {"tagid": tag_id, "openid_list": list(openids)})


async def test_a_tag_from_its_birth_to_its_end(wx: Platform) -> None:
    openid, other = wx.customer(), wx.customer()
    assert await create(wx, "VIP") == {"tag": {"id": 101, "name": "VIP"}}
    assert await tag(wx, 101, openid) == OK
    assert await tag(wx, 101, openid) == OK
    assert await wx.post(OF, {"openid": openid}) == {"tagid_list": [101]}
    assert (await wx.get("/cgi-bin/user/info", openid=openid))["tagid_list"] == [101]
    assert await wx.post(FANS, {"tagid": 101, "next_openid": ""}) == {
        "total": 1, "count": 1, "data": {"openid": [openid]}, "next_openid": openid
    }  # fmt: skip
    assert await wx.post(UPDATE, {"tag": {"id": 101, "name": "老客户"}}) == OK
    assert (await wx.get(GET))["tags"] == [
        {"id": 0, "name": "未分组", "count": 0}, {"id": 1, "name": "黑名单", "count": 0},
        {"id": 2, "name": "星标组", "count": 0}, {"id": 101, "name": "老客户", "count": 1},
    ]  # fmt: skip
    assert await wx.post(UNTAG, {"tagid": 101, "openid_list": [openid, other]}) == OK
    assert await wx.post(OF, {"openid": openid}) == {"tagid_list": []}
    await tag(wx, 101, openid)
    assert await wx.post(DELETE, {"tag": {"id": 101}}) == OK
    assert await wx.post(OF, {"openid": openid}) == {"tagid_list": []}
    assert await create(wx, "VIP") == {"tag": {"id": 102, "name": "VIP"}}


@pytest.mark.parametrize(
    ("name", "errcode"),
    [
        ("鹿" * 10, 0), ("鹿" * 10 + "x", 45158), ("VIP", 45157), ("星标组", 45157), ("", 45157),
        (" ", 45157), (7, 45157),
    ],
)  # fmt: skip
async def test_names(wx: Platform, name: object, errcode: int) -> None:
    await create(wx, "VIP")
    await create(wx, "other")
    assert (await create(wx, name)).get("errcode", 0) == errcode
    if errcode:
        assert (await wx.post(UPDATE, {"tag": {"id": 102, "name": name}}))["errcode"] == errcode


async def test_a_tag_may_keep_its_name(wx: Platform) -> None:
    await create(wx, "VIP")
    assert await wx.post(UPDATE, {"tag": {"id": 101, "name": "VIP"}}) == OK


@pytest.mark.parametrize(
    ("tag_id", "errcode"), [(0, 45058), (1, 45058), (2, 45058), (7, 45159), ("9" * 5000, 45159)]
)
async def test_tags_that_cannot_be_changed(wx: Platform, tag_id: object, errcode: int) -> None:
    assert (await wx.post(UPDATE, {"tag": {"id": tag_id, "name": "x"}}))["errcode"] == errcode
    assert (await wx.post(DELETE, {"tag": {"id": tag_id}}))["errcode"] == errcode


@pytest.mark.parametrize("path", [CREATE, UPDATE, DELETE])
async def test_a_body_without_a_tag(wx: Platform, path: str) -> None:
    assert (await wx.post(path, {"name": "x"}))["errcode"] == 40035


async def test_at_most_100_tags(wx: Platform) -> None:
    for number in range(100):
        assert "tag" in await create(wx, f"{number}")
    assert (await create(wx, "more"))["errcode"] == 45056


async def test_a_tag_of_very_many_cannot_be_deleted(wx: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "FANS_TO_DELETE", 1)
    await create(wx, "VIP")
    first, second = wx.customer(), wx.customer()
    await tag(wx, 101, first, second)
    assert (await wx.post(DELETE, {"tag": {"id": 101}}))["errcode"] == 45057
    await wx.post(UNTAG, {"tagid": 101, "openid_list": [first]})
    assert await wx.post(DELETE, {"tag": {"id": 101}}) == OK


@pytest.mark.parametrize("path", [TAG, UNTAG])
async def test_refusals(wx: Platform, path: str) -> None:
    await create(wx, "VIP")
    openid = wx.customer()

    async def code(tag_id: object, *openids: str) -> int:
        return (await wx.post(path, {"tagid": tag_id, "openid_list": list(openids)}))["errcode"]

    assert await code(7, openid) == 45159
    assert await code("101", openid) == 0
    assert await code(101) == 40032
    assert await code(101, *[openid] * 51) == 40032
    assert await code(101, openid, "x") == 40003
    assert await code(101, openid, STRANGER) == 49003
    assert (await wx.post(OF, {"openid": "x"}))["errcode"] == 40003
    assert (await wx.post(OF, {"openid": STRANGER}))["errcode"] == 49003
    assert (await wx.post(FANS, {"tagid": 7}))["errcode"] == 45159
    assert (await wx.post(FANS, {"tagid": 101, "next_openid": "x"}))["errcode"] == 40003


async def test_twenty_tags_a_user(wx: Platform) -> None:
    full, free, gone = wx.customer(), wx.customer(), wx.customer()
    wx.world.unfollow(gone)
    for number in range(21):
        await create(wx, f"{number}")
        if number < 20:
            assert await tag(wx, 101 + number, full) == OK
    assert (await tag(wx, 121, full))["errcode"] == 45059
    assert (await tag(wx, 121, gone))["errcode"] == 43004
    reply = await tag(wx, 121, full, free, gone)
    assert (reply["errcode"], reply["fail_openid_list"]) == (45171, [full, gone])
    assert await wx.post(OF, {"openid": free}) == {"tagid_list": [121]}
    assert await tag(wx, 120, full) == OK  # which they have


async def test_who_leaves_is_not_counted_and_a_reset_forgets_all(wx: Platform) -> None:
    await create(wx, "VIP")
    openid = wx.customer()
    await tag(wx, 101, openid)
    wx.world.unfollow(openid)
    assert (await wx.get(GET))["tags"][-1] == {"id": 101, "name": "VIP", "count": 0}
    await wx.control("reset")
    wx.token = wx.world.tokens.stable(wx.clock()).value
    assert [t["id"] for t in (await wx.get(GET))["tags"]] == [0, 1, 2]
    assert (await create(wx, "VIP"))["tag"]["id"] == 101
