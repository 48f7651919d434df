"""The order of checks of API reference 13.1: of two things that are wrong, the earlier check answers."""

import itertools

import pytest

from tests.simulator.platform import Platform

SEND = "/cgi-bin/message/custom/send"
STABLE = "/cgi-bin/stable_token"

ORDER = (
    40066, 43003, 43002, 41001, 40014, 40001, 42001, 45011, 45009, 44002, 47001, 47002, 65400, 40003,
)  # fmt: skip
TOKENS = (40066, 43003, 43002, 40164, 45011, 45009, 44002, 47001, 41002)

ESCAPED = rb'{"touser":"\u4f60"}'
EXCLUSIVE = (
    {41001, 40014, 40001},
    {41001, 42001},
    {40014, 42001},
    {44002, 47001, 47002, 40003, 41002},
    {47001, 40003},
)


def pairs(order: tuple[int, ...]) -> list[tuple[int, int]]:
    """Every two checks that one request can fail together."""
    together = {frozenset((47001, 47002)), frozenset((47002, 40003))}
    return [
        (first, second)
        for first, second in itertools.combinations(order, 2)
        if {first, second} in together or not any({first, second} <= group for group in EXCLUSIVE)
    ]


async def errcode(wx: Platform, path: str, wrong: set[int]) -> int:
    """What a request is answered in which exactly these things are wrong."""
    world, account = wx.world, wx.world.account
    account.https_only = True
    account.kefu_enabled = 65400 not in wrong
    account.ip_list = frozenset({"203.0.113.1"}) if 40164 in wrong else None
    world.quota.minute[path] = 0 if 45011 in wrong else 9
    world.quota.daily[path] = 0 if 45009 in wrong else 9
    if 47002 in wrong:
        world.chaos.set("escapes", "47002")
    reply = await wx.http.request(
        "GET" if 43002 in wrong else "POST",
        ("http" if 43003 in wrong else "https") + "://api.weixin.qq.com" + path + "x" * (40066 in wrong),
        params={} if 41001 in wrong else {"access_token": _token(wx, wrong)},
        content=_body(wx, path, wrong),
    )
    return int(reply.json().get("errcode", 0))


def _token(wx: Platform, wrong: set[int]) -> str:
    if 40014 in wrong:
        return "short"
    token = wx.world.tokens.classic(wx.clock())
    if 40001 in wrong:
        wx.world.tokens.classic(wx.clock())
        wx.clock.step(301)
    if 42001 in wrong:
        wx.clock.step(7200)
    return token.value


def _body(wx: Platform, path: str, wrong: set[int]) -> bytes:
    if 44002 in wrong:
        return b""
    if 47001 in wrong:
        return ESCAPED[: -1 if 47002 in wrong else 2]
    if 47002 in wrong:
        return ESCAPED
    if 40003 in wrong or 41002 in wrong:
        return b"{}"
    if path == STABLE:
        account = wx.world.account
        fields = f'"appid":"{account.appid}","secret":"{account.secret}"'
        return b'{"grant_type":"client_credential",' + fields.encode() + b"}"
    openid = wx.customer()
    return f'{{"touser":"{openid}","msgtype":"text","text":{{"content":"hi"}}}}'.encode()


@pytest.mark.parametrize(("first", "second"), pairs(ORDER))
async def test_of_two_wrongs_the_earlier_answers(wx: Platform, first: int, second: int) -> None:
    assert await errcode(wx, SEND, {first, second}) == first


@pytest.mark.parametrize("code", ORDER)
async def test_one_wrong_answers_for_itself(wx: Platform, code: int) -> None:
    assert await errcode(wx, SEND, {code}) == code
    wx.world.reset(wx.clock())
    assert await errcode(wx, SEND, set()) == 0


@pytest.mark.parametrize(("first", "second"), pairs(TOKENS))
async def test_on_the_way_to_a_token(wx: Platform, first: int, second: int) -> None:
    assert await errcode(wx, STABLE, {first, second}) == first


@pytest.mark.parametrize("code", TOKENS)
async def test_each_check_on_the_way_to_a_token(wx: Platform, code: int) -> None:
    assert await errcode(wx, STABLE, {code}) == code


async def test_the_daily_limit_counts_only_what_passed_the_checks_before(wx: Platform) -> None:
    for wrong in (40066, 43002, 41001, 40014):
        await errcode(wx, SEND, {wrong})
    assert wx.world.quota.used.get(SEND, 0) == 0
    await errcode(wx, SEND, {47001})
    assert wx.world.quota.used[SEND] == 1
