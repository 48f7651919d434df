"""Quotas and their clearing, requests by rid, addresses."""

import pytest

from kefu_desk.simulator.quota import QuotaBook
from tests.simulator.platform import Json, Platform

OK = {"errcode": 0, "errmsg": "ok"}
QUOTA, CLEAR_PATH = "/cgi-bin/openapi/quota/get", "/cgi-bin/openapi/quota/clear"
CLEAR, CLEAR_V2 = "/cgi-bin/clear_quota", "/cgi-bin/clear_quota/v2"
RID = "/cgi-bin/openapi/rid/get"
CHECK = "/cgi-bin/callback/check"
SEND = "/cgi-bin/message/custom/send"
DAY = 86400


async def quota(wx: Platform, path: str = SEND) -> Json:
    return await wx.post(QUOTA, {"cgi_path": path})


async def used(wx: Platform, path: str = SEND) -> int:
    return (await quota(wx, path))["quota"]["used"]


def renew(wx: Platform) -> None:
    wx.token = wx.world.tokens.stable(wx.clock()).value


async def test_the_quota_counts_every_call_of_the_china_day(wx: Platform) -> None:
    assert await quota(wx) == OK | {"quota": {"daily_limit": 500_000, "used": 0, "remain": 500_000}}
    openid = wx.customer()
    await wx.say(openid)
    await wx.say("x")
    assert (await quota(wx))["quota"] == {"daily_limit": 500_000, "used": 2, "remain": 499_998}
    wx.clock.step(6399)  # 23:59:59 in China
    assert await used(wx) == 2
    wx.clock.step(1)
    assert await used(wx) == 0


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/cgi-bin/token", 2000),
        ("/cgi-bin/stable_token", 500_000),
        ("/cgi-bin/media/upload", 100_000),
        ("/cgi-bin/media/get", 200_000),
        ("/cgi-bin/user/info", 5_000_000),
        ("/cgi-bin/user/get", 500),
        ("/cgi-bin/user/info/updateremark", 10_000),
        ("/customservice/kfsession/getwaitcase", 500_000),
    ],
)
async def test_the_limits_of_a_day(wx: Platform, path: str, limit: int) -> None:
    assert (await quota(wx, path))["quota"]["daily_limit"] == limit


async def test_a_limit_per_minute_is_told(wx: Platform) -> None:
    assert (await quota(wx, "/cgi-bin/stable_token"))["rate_limit"] == {
        "call_count": 10_000, "refresh_second": 60
    }  # fmt: skip
    assert "rate_limit" not in await quota(wx)


@pytest.mark.parametrize("path", ["", "cgi-bin/message/custom/send", "/nowhere"])
async def test_paths_that_are_none(wx: Platform, path: str) -> None:
    assert (await quota(wx, path))["errcode"] == 76021
    assert (await wx.post(CLEAR_PATH, {"cgi_path": path}))["errcode"] == 76021


async def test_clearing_one_path(wx: Platform) -> None:
    wx.world.quota.daily["/cgi-bin/user/get"] = 1
    assert "total" in await wx.get("/cgi-bin/user/get")
    assert (await wx.get("/cgi-bin/user/get"))["errcode"] == 45009
    await wx.say("x")
    assert await wx.post(CLEAR_PATH, {"cgi_path": "/cgi-bin/user/get"}) == OK
    assert "total" in await wx.get("/cgi-bin/user/get")
    assert await used(wx) == 1


async def test_clearing_all_ten_times_a_month(wx: Platform) -> None:
    await wx.say("x")
    account = {"appid": wx.world.account.appid}
    assert (await wx.post(CLEAR, {"appid": "wx0000000000000000"}))["errcode"] == 40013
    assert await used(wx) == 1
    assert await wx.post(CLEAR, account) == OK
    assert await used(wx) == 0
    secret = account | {"appsecret": wx.world.account.secret}
    for number in range(9):
        wx.token = wx.token if number % 2 else ""  # one way needs no token
        reply = await wx.post(CLEAR, account) if number % 2 else await wx.post(CLEAR_V2, secret)
        assert reply == OK
        renew(wx)
    assert (await wx.post(CLEAR, account))["errcode"] == 48006
    assert (await wx.post(CLEAR_V2, secret))["errcode"] == 48006
    assert await wx.post(CLEAR_PATH, {"cgi_path": SEND}) == OK  # has a count of its own
    wx.clock.step(9 * DAY)  # the 30th
    renew(wx)
    assert (await wx.post(CLEAR, account))["errcode"] == 48006
    wx.clock.step(DAY)
    renew(wx)
    assert await wx.post(CLEAR, account) == OK


async def test_clearing_single_paths_fifty_times_a_month(wx: Platform) -> None:
    for _ in range(50):
        assert await wx.post(CLEAR_PATH, {"cgi_path": SEND}) == OK
    assert (await wx.post(CLEAR_PATH, {"cgi_path": SEND}))["errcode"] == 48006


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"appid": ""}, 41002),
        ({"appsecret": ""}, 41004),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"appsecret": "0" * 32}, 40125),
    ],
)
async def test_clearing_with_a_wrong_secret(wx: Platform, change: Json, errcode: int) -> None:
    account = {"appid": wx.world.account.appid, "appsecret": wx.world.account.secret}
    assert (await wx.post(CLEAR_V2, account | change))["errcode"] == errcode


async def test_a_refused_request_is_remembered_without_its_secrets(wx: Platform) -> None:
    body = '{"touser":"x","msgtype":"text","text":{"content":"您好 ?access_token=leak&x"}}'
    refusal = await wx.post(SEND, raw=body.encode())
    rid = refusal["errmsg"].partition(" rid: ")[2]
    request = (await wx.post(RID, {"rid": rid}))["request"]
    assert request["request_url"] == f"https://api.weixin.qq.com{SEND}?access_token=***"
    assert request["request_body"] == body.replace("leak", "***")
    assert request["invoke_time"] == 1_790_000_000
    assert request["client_ip"] == "127.0.0.1"
    assert refusal["errmsg"] in request["response_body"]


@pytest.mark.parametrize("path", ["/cgi-bin/stable_token", CLEAR_V2])
async def test_a_secret_is_not_remembered(wx: Platform, path: str) -> None:
    secret = wx.world.account.secret[:-1] + "?"
    account = {"grant_type": "client_credential", "appid": wx.world.account.appid}
    wx.token, token = "", wx.token
    refusals = [await wx.post(path, account | {"secret": secret, "appsecret": secret})]
    query = account | {"secret": secret}
    refusals.append((await wx.http.get("/cgi-bin/token", params=query)).json())
    wx.token = token
    for refusal in refusals:
        assert refusal["errcode"] == 40125
        reply = await wx.post(RID, {"rid": refusal["errmsg"].partition(" rid: ")[2]})
        assert reply["errcode"] == 0
        assert secret not in str(reply)
        assert "***" in str(reply)


async def test_rids_that_are_none(wx: Platform) -> None:
    async def code(rid: str) -> int:
        return (await wx.post(RID, {"rid": rid}))["errcode"]

    rid = (await wx.say("x"))["errmsg"].partition(" rid: ")[2]
    assert await code("") == 76002
    assert await code("x") == 76002
    assert await code("00000000-00000000-00000000") == 76001
    wx.clock.step(7 * DAY - 1)
    renew(wx)
    assert await code(rid) == 0
    wx.clock.step(1)
    assert await code(rid) == 76004
    await wx.control("reset")
    renew(wx)
    assert await code(rid) == 76001


async def test_only_the_newest_refusals_are_remembered(wx: Platform) -> None:
    first = (await wx.say("x"))["errmsg"].partition(" rid: ")[2]
    for _ in range(1000):
        last = (await wx.say("x"))["errmsg"].partition(" rid: ")[2]
    assert (await wx.post(RID, {"rid": last}))["errcode"] == 0
    assert (await wx.post(RID, {"rid": first}))["errcode"] == 76001


async def test_addresses(wx: Platform) -> None:
    for path in ("/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"):
        reply = await wx.get(path)
        assert reply.keys() == {"ip_list"}
        assert all(isinstance(address, str) for address in reply["ip_list"])


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ({"action": "all", "check_operator": "DEFAULT"}, {"dns", "ping"}),
        ({"action": "dns"}, {"dns"}),
        ({"action": "ping", "check_operator": "UNICOM"}, {"ping"}),
    ],
)
async def test_the_shops_server_is_checked(wx: Platform, body: Json, keys: set[str]) -> None:
    assert (await wx.post(CHECK, body)).keys() == keys


@pytest.mark.parametrize(
    ("body", "errcode"), [({}, 40202), ({"action": "all", "check_operator": "MOON"}, 40203)]
)
async def test_checks_that_are_none(wx: Platform, body: Json, errcode: int) -> None:
    assert (await wx.post(CHECK, body))["errcode"] == errcode


async def test_diagnostics_work_without_customer_service(wx: Platform) -> None:
    wx.world.account.kefu_enabled = False
    assert (await quota(wx))["errcode"] == 0


def test_a_new_day_is_counted_from_nothing() -> None:
    book = QuotaBook()
    book.spend(SEND, 1_790_000_000.0)
    assert book.today(SEND, 1_790_000_000.0) == (500_000, 1)
    assert book.today(SEND, 1_790_000_000.0 + DAY) == (500_000, 0)
