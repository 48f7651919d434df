"""WeChat's own side: quotas, remembered requests, addresses."""

from typing import Any

import pytest

from kefu_desk.domain.failure import Category
from kefu_desk.wechat.arguments import ArgumentError
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.diagnostics import Ping, Quota, Resolved
from kefu_desk.wechat.errors import ApiError, BadReply

Q = "access_token=81_Zx0pQ-aaaaBBBBccccDDDD1"
SEND = "/cgi-bin/message/custom/send"

CALLS: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("quota", {"path": SEND}, "POST", "/cgi-bin/openapi/quota/get", f'{{"cgi_path":"{SEND}"}}'),
    ("reset_quota", {"path": SEND}, "POST", "/cgi-bin/openapi/quota/clear", f'{{"cgi_path":"{SEND}"}}'),
    ("reset_all_quotas", {}, "POST", "/cgi-bin/clear_quota", '{"appid":"wx6d1f0c83b5a2e974"}'),
    ("request_of", {"rid": "64f0-0c3d-1a2b"}, "POST", "/cgi-bin/openapi/rid/get", '{"rid":"64f0-0c3d-1a2b"}'),
    ("callback_ips", {}, "GET", "/cgi-bin/getcallbackip", ""),
    ("api_domain_ips", {}, "GET", "/cgi-bin/get_api_domain_ip", ""),
    (
        "check_callback",
        {},
        "POST",
        "/cgi-bin/callback/check",
        '{"action":"all","check_operator":"DEFAULT"}',
    ),
]

EVERYTHING = {"errcode": 0, "quota": {}, "request": {}, "ip_list": [], "dns": [], "ping": []}


@pytest.mark.parametrize("golden", CALLS, ids=[call[0] for call in CALLS])
async def test_every_request_is_these_bytes(
    wechat: WeChatClient, script: Any, golden: tuple[Any, ...]
) -> None:
    method, arguments, verb, path, body = golden
    script.answer = lambda _: EVERYTHING
    await getattr(wechat, method)(**arguments)
    (request,) = script.requests
    assert request.method == verb
    assert request.url.raw_path.decode() == f"{path}?{Q}"
    assert script.bodies == [body.encode()]


@pytest.mark.parametrize(
    ("method", "arguments", "field"),
    [
        ("quota", {"path": "cgi-bin/user/get"}, "path"),
        ("reset_quota", {"path": ""}, "path"),
        ("request_of", {"rid": ""}, "rid"),
        ("check_callback", {"action": "trace"}, "action"),
        ("check_callback", {"operator": "NOBODY"}, "operator"),
    ],
)
async def test_what_wechat_would_refuse_is_not_sent(
    wechat: WeChatClient, script: Any, method: str, arguments: dict[str, Any], field: str
) -> None:
    with pytest.raises(ArgumentError) as refused:
        await getattr(wechat, method)(**arguments)
    assert refused.value.field == field
    assert script.requests == []


async def test_a_quota_is_read_however_it_was_written(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": 500000, "used": 12, "remain": 499988},
        "rate_limit": {"call_count": 600, "refresh_second": 60},
        "component_rate_limit": {"call_count": 1, "refresh_second": 1},
    }
    assert await wechat.quota(SEND) == Quota(SEND, 500000, 12, 499988, 600, 60)
    script.answer = lambda _: {
        "errcode": "0",
        "quota": {"daily_limit": "500000", "used": None, "remain": "499988"},
        "rate_limit": None,
    }
    assert await wechat.quota(SEND) == Quota(SEND, 500000, 0, 499988)
    for odd in ({"errcode": 0}, {"errcode": 0, "quota": None}, {"errcode": 0, "quota": []}):
        script.answer = lambda _, odd=odd: odd
        with pytest.raises(BadReply):
            await wechat.quota(SEND)


@pytest.mark.parametrize("errcode", [76021, 76022, 48006])
async def test_a_refusal_is_told(wechat: WeChatClient, script: Any, errcode: int) -> None:
    script.answer = lambda _: {"errcode": errcode, "errmsg": "no"}
    with pytest.raises(ApiError) as refused:
        await wechat.reset_quota(SEND)
    assert refused.value.errcode == errcode
    assert refused.value.category in (Category.REQUEST, Category.QUOTA)


async def test_a_remembered_request_holds_nothing_to_call_wechat_with(
    wechat: WeChatClient, script: Any
) -> None:
    secret = "81_" + "Zx0pQaaaaBBBB" * 12
    script.answer = lambda _: {
        "errcode": 0,
        "request": {
            "invoke_time": 1790000000,
            "cost_in_ms": "30",
            "request_url": f"/cgi-bin/user/get?access_token={secret}&next_openid=o1",
            "request_body": f'{{"appid":"wx1","secret":"{secret}"}}',
            "response_body": f'{{"access_token": "{secret}","expires_in":7200}}',
            "client_ip": "203.0.113.9",
        },
    }
    past = await wechat.request_of("64f0-0c3d-1a2b")
    assert secret not in repr(past)
    assert past.url == "/cgi-bin/user/get?access_token=***&next_openid=o1"
    assert past.request_body == '{"appid":"wx1","secret":"***"}'
    assert past.response_body == '{"access_token": "***","expires_in":7200}'
    assert (past.invoke_time, past.cost_ms, past.client_ip) == (1790000000, 30, "203.0.113.9")


async def test_addresses_are_read(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {"ip_list": ["203.0.113.0/24", None, "198.51.100.7"]}
    assert await wechat.callback_ips() == ("203.0.113.0/24", "198.51.100.7")
    assert await wechat.api_domain_ips() == ("203.0.113.0/24", "198.51.100.7")
    script.answer = lambda _: {}
    with pytest.raises(BadReply):
        await wechat.callback_ips()


async def test_a_callback_check_is_read(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {
        "dns": [{"ip": "203.0.113.9", "real_operator": "CAP"}],
        "ping": [{"ip": "203.0.113.9", "from_operator": "CAP", "package_loss": "0%", "time": "23.079ms"}],
    }
    check = await wechat.check_callback()
    assert check.dns == (Resolved("203.0.113.9", "CAP"),)
    assert check.ping == (Ping("203.0.113.9", "CAP", "0%", "23.079ms"),)
