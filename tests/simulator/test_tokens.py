"""Token endpoints: two families, overlap of five minutes, forced refresh, refusals."""

import json

import pytest

from kefu_desk.simulator.world import World
from tests.simulator.platform import Json, Platform

WAITING = "/customservice/kfsession/getwaitcase"


@pytest.fixture
def account(world: World) -> Json:
    return {
        "grant_type": "client_credential",
        "appid": world.account.appid,
        "secret": world.account.secret,
    }


async def classic(wx: Platform, account: Json) -> Json:
    return (await wx.http.get("/cgi-bin/token", params=account)).json()


async def stable(wx: Platform, account: Json, *, force: bool = False) -> Json:
    content = json.dumps(account | {"force_refresh": force}).encode()
    return (await wx.http.post("/cgi-bin/stable_token", content=content)).json()


async def works(wx: Platform, token: str) -> int:
    wx.token = token
    return (await wx.get(WAITING)).get("errcode", 0)


async def test_a_token_is_long_and_carries_no_errcode(wx: Platform, account: Json) -> None:
    reply = await stable(wx, account)
    assert set(reply) == {"access_token", "expires_in"}
    assert len(reply["access_token"]) >= 136
    assert reply["expires_in"] == 7200


async def test_normal_mode_shares_one_token_until_five_minutes_before_its_end(
    wx: Platform, account: Json
) -> None:
    first = await stable(wx, account)
    wx.clock.step(6899)
    assert await stable(wx, account) == {"access_token": first["access_token"], "expires_in": 301}
    wx.clock.step(1)
    second = await stable(wx, account)
    assert second["access_token"] != first["access_token"]
    assert second["expires_in"] == 7200
    wx.clock.step(299)
    assert await works(wx, first["access_token"]) == 0
    assert await works(wx, second["access_token"]) == 0
    wx.clock.step(1)
    assert await works(wx, first["access_token"]) == 40001
    assert await works(wx, second["access_token"]) == 0


async def test_forced_refresh_kills_the_old_token_at_once_but_not_twice_in_30_seconds(
    wx: Platform, account: Json
) -> None:
    first = await stable(wx, account)
    second = await stable(wx, account, force=True)
    assert await works(wx, first["access_token"]) == 40001
    assert await works(wx, second["access_token"]) == 0
    wx.clock.step(29)
    assert (await stable(wx, account, force=True))["access_token"] == second["access_token"]
    wx.clock.step(1)
    assert (await stable(wx, account, force=True))["access_token"] != second["access_token"]


async def test_forced_refresh_is_limited_to_20_a_day(wx: Platform, account: Json) -> None:
    for _ in range(20):
        assert "access_token" in await stable(wx, account, force=True)
        wx.clock.step(31)
    assert (await stable(wx, account, force=True))["errcode"] == 45009
    wx.clock.step(86400)
    assert "access_token" in await stable(wx, account, force=True)


async def test_each_classic_call_retires_the_token_before_after_five_minutes(
    wx: Platform, account: Json
) -> None:
    first = (await classic(wx, account))["access_token"]
    second = (await classic(wx, account))["access_token"]
    wx.clock.step(299)
    assert await works(wx, first) == 0
    wx.clock.step(1)
    assert await works(wx, first) == 40001
    assert await works(wx, second) == 0


async def test_the_two_families_do_not_disturb_each_other(wx: Platform, account: Json) -> None:
    shared = (await stable(wx, account))["access_token"]
    old = (await classic(wx, account))["access_token"]
    await classic(wx, account)
    await stable(wx, account, force=True)
    wx.clock.step(10)
    assert await works(wx, shared) == 40001  # by its own forced refresh only
    assert await works(wx, old) == 0


async def test_a_token_dies_of_age(wx: Platform, account: Json) -> None:
    token = (await classic(wx, account))["access_token"]
    wx.clock.step(7199)
    assert await works(wx, token) == 0
    wx.clock.step(1)
    assert await works(wx, token) == 42001


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"grant_type": "password"}, 40002),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": "0" * 32}, 40125),
    ],
)
async def test_wrong_credentials_are_refused_on_both_endpoints(
    wx: Platform, account: Json, change: Json, errcode: int
) -> None:
    assert (await classic(wx, account | change))["errcode"] == errcode
    assert (await stable(wx, account | change))["errcode"] == errcode


@pytest.mark.parametrize("code", [50004, 50007, 89503, 89506, 89507])
async def test_a_risk_of_the_account_stops_tokens_but_not_calls(
    wx: Platform, account: Json, code: int
) -> None:
    wx.world.account.risk = code
    assert (await classic(wx, account))["errcode"] == code
    assert (await stable(wx, account))["errcode"] == code
    assert (await wx.get(WAITING))["count"] == 0


async def test_an_address_outside_the_list_is_named_in_the_refusal(wx: Platform, account: Json) -> None:
    wx.world.account.ip_list = frozenset({"203.0.113.9"})
    reply = await stable(wx, account)
    assert reply["errcode"] == 40164
    assert "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist" in reply["errmsg"]
    assert (await wx.get(WAITING))["count"] == 0  # the list guards the token only


def test_no_token_and_no_secret_in_a_repr(wx: Platform) -> None:
    token = wx.world.tokens.stable(wx.clock())
    assert token.value not in repr(token)
    assert wx.world.account.secret not in repr(wx.world.account)
