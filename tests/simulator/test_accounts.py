"""getkflist and the account endpoints."""

import pytest

from kefu_desk.simulator import accounts
from tests.simulator.platform import Json, Platform

OK = {"errcode": 0, "errmsg": "ok"}
ADD, UPDATE = "/customservice/kfaccount/add", "/customservice/kfaccount/update"
INVITE = "/customservice/kfaccount/inviteworker"


async def listed(wx: Platform) -> Json:
    reply = await wx.get("/cgi-bin/customservice/getkflist")
    return {a["kf_account"]: a for a in reply["kf_list"]}


async def test_the_nine_agents(wx: Platform) -> None:
    agents = await listed(wx)
    assert [a["kf_nick"] for a in agents.values()] == [
        "小陈", "小王", "小李", "赵敏", "周可", "吴双", "孙悦", "郑楠", "冯蕾"
    ]  # fmt: skip
    assert agents["kf2001@luye"]["kf_wx"] == "luye_kf01"
    assert "kf_wx" not in agents["kf2009@luye"]


async def test_adding_and_renaming(wx: Platform) -> None:
    assert await wx.post(ADD, {"kf_account": "kf2010@luye", "nickname": "小鹿"}) == OK
    assert await wx.post(UPDATE, {"kf_account": "kf2010@luye", "nickname": "鹿鹿"}) == OK
    assert (await listed(wx))["kf2010@luye"] == {
        "kf_account": "kf2010@luye", "kf_nick": "鹿鹿", "kf_id": 1010, "kf_headimgurl": ""
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kf_account", "nickname", "errcode"),
    [
        ("elevenchars@luye", "x", 65404),
        ("小鹿@luye", "x", 65404),
        ("kf@elsewhere", "x", 65404),
        ("kf2010@luye", "", 65403),
        ("kf2010@luye", "鹿" * 17, 65403),
        ("kf2001@luye", "x", 65406),
        ("kf2010@gh_8c2e41d7f05a", "鹿" * 16, 0),
    ],
)
async def test_refusals_when_adding(wx: Platform, kf_account: str, nickname: str, errcode: int) -> None:
    assert (await wx.post(ADD, {"kf_account": kf_account, "nickname": nickname}))["errcode"] == errcode


async def test_at_most_100_agents(wx: Platform) -> None:
    for number in range(91):
        assert await wx.post(ADD, {"kf_account": f"n{number}@luye", "nickname": "x"}) == OK
    assert (await wx.post(ADD, {"kf_account": "more@luye", "nickname": "x"}))["errcode"] == 65405


async def test_invitations(wx: Platform) -> None:
    async def invite(kf_account: str, invite_wx: str) -> int:
        return (await wx.post(INVITE, {"kf_account": kf_account, "invite_wx": invite_wx}))["errcode"]

    await wx.post(ADD, {"kf_account": "kf2010@luye", "nickname": "x"})
    assert await invite("x@luye", "feng_lei") == 65401
    assert await invite("kf2009@luye", "13800000000") == 65409
    assert await invite("kf2001@luye", "feng_lei") == 65412
    assert await invite("kf2009@luye", "luye_kf01") == 65407
    assert await invite("kf2009@luye", "feng_lei") == 0
    assert await invite("kf2009@luye", "feng_lei") == 65411
    assert await invite("kf2010@luye", "feng_lei") == 65408
    entry = (await listed(wx))["kf2009@luye"]
    assert (entry["invite_wx"], entry["invite_status"]) == ("feng_lei", "waiting")
    assert entry["invite_expire_time"] == 1_790_000_000 + 86400
    wx.clock.step(86400)
    wx.token = wx.world.tokens.stable(wx.clock()).value
    assert (await listed(wx))["kf2009@luye"]["invite_status"] == "expired"
    assert await invite("kf2010@luye", "feng_lei") == 0


async def test_an_accepted_invitation_binds(wx: Platform) -> None:
    body = {"kf_account": "kf2009@luye", "invite_wx": "feng_lei"}
    assert await wx.post(INVITE, body) == OK
    accounts.answer_invitation(wx.world, "kf2009@luye", accepts=True)
    entry = (await listed(wx))["kf2009@luye"]
    assert entry["kf_wx"] == "feng_lei"
    assert not any(key.startswith("invite") for key in entry)
    assert (await wx.post(INVITE, body))["errcode"] == 65412
    assert (await wx.accept(wx.customer(), "kf2009@luye"))["errcode"] == 65415  # bound, not yet logged in


async def test_a_rejected_invitation_may_be_repeated(wx: Platform) -> None:
    body = {"kf_account": "kf2009@luye", "invite_wx": "feng_lei"}
    await wx.post(INVITE, body)
    accounts.answer_invitation(wx.world, "kf2009@luye", accepts=False)
    entry = (await listed(wx))["kf2009@luye"]
    assert (entry["invite_wx"], entry["invite_status"]) == ("feng_lei", "rejected")
    with pytest.raises(ValueError, match="no open invitation"):
        accounts.answer_invitation(wx.world, "kf2009@luye", accepts=True)
    assert await wx.post(INVITE, body) == OK


async def test_an_expired_invitation_cannot_be_answered(wx: Platform) -> None:
    wx.world.account.invitation_life = 60.0
    await wx.post(INVITE, {"kf_account": "kf2009@luye", "invite_wx": "feng_lei"})
    wx.clock.step(60)
    assert (await listed(wx))["kf2009@luye"]["invite_status"] == "expired"
    with pytest.raises(ValueError, match="no open invitation"):
        accounts.answer_invitation(wx.world, "kf2009@luye", accepts=True)
    with pytest.raises(ValueError, match="no open invitation"):
        accounts.answer_invitation(wx.world, "kf2001@luye", accepts=True)


async def test_a_person_can_be_an_agent_of_five_accounts(wx: Platform) -> None:
    wx.world.account.workers_elsewhere = {"busy_bee": 5, "fresh_bee": 4}
    busy = {"kf_account": "kf2009@luye", "invite_wx": "busy_bee"}
    assert (await wx.post(INVITE, busy))["errcode"] == 65410
    assert await wx.post(INVITE, busy | {"invite_wx": "fresh_bee"}) == OK


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("POST", "", b'{"kf_account":"kf2001@luye"}'),
        ("POST", "kf_account=kf2001@luye", b'{"kf_account":"kf2001@luye"}'),
        ("POST", "kf_account=kf2001@luye", b""),
        ("POST", "kf_account=kf2001%40luye", b""),
        ("POST", "", b"kf_account=kf2001%40luye"),
        ("POST", "kf_account=kf2001@luye", b"{}"),
        ("GET", "kf_account=kf2001@luye", b""),
        ("GET", "kf_account=kf2001%40luye", b""),
    ],
)
async def test_every_form_of_deleting(wx: Platform, method: str, query: str, body: bytes) -> None:
    url = f"/customservice/kfaccount/del?{query}&access_token={wx.token}".replace("?&", "?")
    assert (await wx.http.request(method, url, content=body)).json() == OK
    assert "kf2001@luye" not in await listed(wx)


async def test_deleting_voids_what_hung_on_the_agent(wx: Platform) -> None:
    openid = wx.customer()
    wx.world.waiting.touch(openid, wx.clock(), "kf2009@luye")
    await wx.post(INVITE, {"kf_account": "kf2009@luye", "invite_wx": "feng_lei"})
    assert await wx.post("/customservice/kfaccount/del", {"kf_account": "kf2009@luye"}) == OK
    assert [w.designated for w in wx.world.waiting] == [""]
    with pytest.raises(KeyError):
        accounts.answer_invitation(wx.world, "kf2009@luye", accepts=True)
    await wx.post(ADD, {"kf_account": "kf2009@luye", "nickname": "x"})
    assert "invite_wx" not in (await listed(wx))["kf2009@luye"]
    assert await wx.post(INVITE, {"kf_account": "kf2009@luye", "invite_wx": "feng_lei"}) == OK


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cgi-bin/customservice/getkflist"),
        ("POST", ADD),
        ("POST", "/customservice/kfaccount/uploadheadimg"),
        ("GET", "/customservice/kfsession/getwaitcase"),
        ("POST", "/customservice/msgrecord/getmsglist"),
    ],
)
async def test_an_unverified_account_has_no_agents(wx: Platform, method: str, path: str) -> None:
    wx.world.account.verified = False
    reply = await (wx.get(path) if method == "GET" else wx.post(path, {}))
    assert reply["errcode"] == 48001
