"""The order in which the platform checks a request before a rule sees it (API reference 13.1)."""

import json
from collections.abc import Mapping

from kefu_desk.simulator.inquiry import Inquiry, has_escapes, parsed
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.rules import ENDPOINTS, Answer, Endpoint
from kefu_desk.simulator.world import World

SUCCESS: bytes = b'{"errcode":0,"errmsg":"ok"}'


def answer(world: World, inquiry: Inquiry) -> tuple[int, bytes]:
    """Applies one request and returns its errcode and the body of the answer."""
    try:
        value = _checked(world, inquiry)
    except Refusal as refusal:
        return refusal.errcode, refused(world, inquiry.path, refusal)
    if value is None:
        return 0, SUCCESS
    return 0, value if isinstance(value, bytes) else encoded(value)


def refused(world: World, path: str, refusal: Refusal) -> bytes:
    """The body of a refusal, with a fresh rid unless switched off."""
    suffix = world.chaos.take("errmsg", path)
    rid = world.rid()
    tail = {None: f" rid: {rid}", "hint": f" hint: [{rid[9:15]}]"}.get(suffix, "")
    return encoded({"errcode": refusal.errcode, "errmsg": refusal.errmsg + tail})


def encoded(body: Mapping[str, object]) -> bytes:
    """Compact JSON in UTF-8; a lone surrogate becomes a question mark."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _checked(world: World, inquiry: Inquiry) -> Answer | None:
    endpoint = ENDPOINTS.get(inquiry.path)
    if endpoint is None:
        raise Refusal(40066)
    if world.account.https_only and inquiry.scheme != "https":
        raise Refusal(43003)
    if inquiry.method not in endpoint.methods:
        raise Refusal(43001 if endpoint.methods == ("GET",) else 43002)
    if endpoint.issues_tokens:
        _check_address(world, inquiry)
    else:
        _check_token(world, inquiry)
    limited = world.chaos.take("quota", inquiry.path) if not endpoint.issues_tokens else None
    if limited is not None:
        raise Refusal(int(limited))
    world.quota.spend(inquiry.path, world.now)
    _read_body(world, inquiry, endpoint)
    if not endpoint.issues_tokens:
        gate = world.chaos.take("agent_gate", inquiry.path, "65400")
        if gate is not None or not world.account.kefu_enabled:
            raise Refusal(65400)
    return endpoint.rule(world, inquiry)


def _check_address(world: World, inquiry: Inquiry) -> None:
    allowed = world.account.ip_list
    if world.chaos.take("token", inquiry.path, "40164") is not None or (
        allowed is not None and inquiry.ip not in allowed
    ):
        raise Refusal(40164, ip=inquiry.ip)


def _check_token(world: World, inquiry: Inquiry) -> None:
    value = inquiry.query.get("access_token", "")
    if not value:
        raise Refusal(41001)
    world.tokens.check(value, world.now)
    if world.chaos.take("token", inquiry.path, "40001_once", "40001_always") is not None:
        raise Refusal(40001)


def _read_body(world: World, inquiry: Inquiry, endpoint: Endpoint) -> None:
    if inquiry.method != "POST" or (endpoint.methods == ("GET", "POST") and not inquiry.body):
        return
    inquiry.fields = parsed(inquiry.body)
    if world.chaos.take("escapes", inquiry.path) == "47002" and has_escapes(inquiry.body):
        raise Refusal(47002)
