"""Quotas, request ids, and the addresses of the platform."""

import re
from collections.abc import Mapping

from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.world import World

RID_LIFE = 7 * 86400.0
COST_MILLISECONDS = 30
CALLBACK_ADDRESSES = ("203.0.113.0/25", "203.0.113.128/26", "198.51.100.17")
API_ADDRESSES = ("192.0.2.0/24",)
OPERATORS = ("DEFAULT", "CHINANET", "UNICOM", "CAP")

_RID = r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"


def quota(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """openapi/quota/get: limit and use of one path today; a limit per minute only where there is one."""
    path = inquiry.word("cgi_path")
    limit, used = world.quota.today(path, world.now)
    answer: dict[str, object] = {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": limit, "used": used, "remain": max(0, limit - used)},
    }
    a_minute = world.quota.minute.get(path)
    if a_minute is not None:
        answer["rate_limit"] = {"call_count": a_minute, "refresh_second": 60}
    return answer


def clear_path(world: World, inquiry: Inquiry) -> None:
    """openapi/quota/clear: forgets the calls of one path."""
    world.quota.clear(world.now, inquiry.word("cgi_path"))


def clear_all(world: World, inquiry: Inquiry) -> None:
    """clear_quota: forgets the calls of every path."""
    if inquiry.word("appid") != world.account.appid:
        raise Refusal(40013)
    world.quota.clear(world.now)


def clear_all_with_secret(world: World, inquiry: Inquiry) -> None:
    """clear_quota/v2: the same for who has the secret and no token."""
    if not inquiry.word("appid"):
        raise Refusal(41002)
    if not inquiry.word("appsecret"):
        raise Refusal(41004)
    if inquiry.word("appid") != world.account.appid:
        raise Refusal(40013)
    if inquiry.word("appsecret") != world.account.secret:
        raise Refusal(40125)
    world.quota.clear(world.now)


def request(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """openapi/rid/get: a refused request of the last seven days."""
    rid = inquiry.word("rid")
    if re.fullmatch(_RID, rid) is None:
        raise Refusal(76002)
    trace = world.traces.find(rid)
    if trace is None:
        raise Refusal(76001)
    if world.now >= trace.time + RID_LIFE:
        raise Refusal(76004)
    return {
        "errcode": 0,
        "errmsg": "ok",
        "request": {
            "invoke_time": int(trace.time),
            "cost_in_ms": COST_MILLISECONDS,
            "request_url": trace.url,
            "request_body": trace.body,
            "response_body": trace.answer,
            "client_ip": trace.ip,
        },
    }


def callback_addresses(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """getcallbackip: where pushes come from."""
    del world, inquiry
    return {"ip_list": list(CALLBACK_ADDRESSES)}


def api_addresses(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """get_api_domain_ip: where this interface is."""
    del world, inquiry
    return {"ip_list": list(API_ADDRESSES)}


def check_callback(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """callback/check: name and reachability of the shop's own server."""
    del world
    action = inquiry.word("action")
    operator = inquiry.word("check_operator") or OPERATORS[0]
    if action not in {"all", "dns", "ping"}:
        raise Refusal(40202)
    if operator not in OPERATORS:
        raise Refusal(40203)
    seen = "CAP" if operator == OPERATORS[0] else operator
    address = CALLBACK_ADDRESSES[-1]
    ping = {"ip": address, "from_operator": seen, "package_loss": "0%", "time": "23.079ms"}
    answer: dict[str, object] = {}
    if action != "ping":
        answer["dns"] = [{"ip": address, "real_operator": seen}]
    if action != "dns":
        answer["ping"] = [ping]
    return answer
