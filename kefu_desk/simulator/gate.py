"""The order in which the platform checks a request before a rule sees it (API reference 13.1)."""

import json
from collections.abc import Mapping

from kefu_desk.simulator.inquiry import Inquiry, form, has_escapes, parsed
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.reply import Reply
from kefu_desk.simulator.rules import ENDPOINTS, Answer, Endpoint
from kefu_desk.simulator.tokens import LIFETIME
from kefu_desk.simulator.world import World

SUCCESS: bytes = b'{"errcode":0,"errmsg":"ok"}'
YOUNG = 60.0

_DELETE = "/customservice/kfaccount/del"
_EITHER = ("GET", "POST")


def answer(world: World, inquiry: Inquiry, *, acts: bool = True, counts: bool = True) -> tuple[int, Reply]:
    """Applies one request and returns its errcode and the answer.

    Without `acts` every check is made and the call is counted, but nothing happens and the answer is success;
    without `counts` it is not held against the limits of the path a second time.
    """
    try:
        value = _checked(world, inquiry, acts=acts, counts=counts)
    except Refusal as refusal:
        body = refused(world, inquiry.path, refusal)
        world.traces.note(world.now, inquiry, body)
        return refusal.errcode, Reply(body)
    if isinstance(value, Reply):
        return 0, value
    if value is None:
        return 0, Reply(SUCCESS)
    return 0, Reply(value if isinstance(value, bytes) else encoded(value))


def refused(world: World, path: str, refusal: Refusal) -> bytes:
    """The body of a refusal, with a fresh rid unless switched off."""
    suffix = world.chaos.take("errmsg", path)
    rid = world.rid()
    tail = {None: f" rid: {rid}", "hint": f" hint: [{rid[9:15]}]"}.get(suffix, "")
    return encoded({"errcode": refusal.errcode, "errmsg": refusal.errmsg + tail} | dict(refusal.extra))


def encoded(body: Mapping[str, object]) -> bytes:
    """Compact JSON in UTF-8; a lone surrogate becomes a question mark."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _checked(world: World, inquiry: Inquiry, *, acts: bool, counts: bool) -> Answer | None:
    endpoint = ENDPOINTS.get(inquiry.path)
    if endpoint is None:
        raise Refusal(40066)
    if world.account.https_only and inquiry.scheme != "https":
        raise Refusal(43003)
    methods = _methods(world, inquiry.path, endpoint)
    if inquiry.method not in methods:
        raise Refusal(43001 if methods == ("GET",) else 43002)
    if endpoint.issues_tokens:
        _check_address(world, inquiry)
    else:
        _check_token(world, inquiry)
    limited = world.chaos.take("quota", inquiry.path) if not endpoint.issues_tokens else None
    if limited is not None:
        raise Refusal(int(limited))
    if counts:
        world.quota.spend(inquiry.path, world.now)
    _read_body(world, inquiry, endpoint)
    if endpoint.of_kefu and not endpoint.issues_tokens:
        gate = world.chaos.take("agent_gate", inquiry.path, "65400")
        if gate is not None or not world.account.kefu_enabled:
            raise Refusal(65400)
    return endpoint.rule(world, inquiry) if acts and not _pretends(world, inquiry) else None


def _methods(world: World, path: str, endpoint: Endpoint) -> tuple[str, ...]:
    verb = world.chaos.take("del_verb", path) if path == _DELETE else None
    return endpoint.methods if verb is None else (verb.upper(),)


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
    token = world.tokens.check(value, world.now)
    if world.chaos.take("token", inquiry.path, "40001_once", "40001_always") is not None:
        raise Refusal(40001)
    young = world.now < token.expires - LIFETIME + YOUNG
    if young and world.chaos.take("token", inquiry.path, "40001_young") is not None:
        raise Refusal(40001)


def _read_body(world: World, inquiry: Inquiry, endpoint: Endpoint) -> None:
    if inquiry.method != "POST" or not endpoint.reads_json:
        return
    if endpoint.methods == _EITHER and inquiry.body.lstrip()[:1] != b"{":
        inquiry.fields = form(inquiry.body)  # an empty one: the query says what is wanted
        return
    inquiry.fields = parsed(inquiry.body)
    if world.chaos.take("escapes", inquiry.path) == "47002" and has_escapes(inquiry.body):
        raise Refusal(47002)


def _pretends(world: World, inquiry: Inquiry) -> bool:
    """Whether a known account is said to be deleted and is not."""
    if inquiry.path != _DELETE:
        return False
    named = inquiry.word("kf_account") or inquiry.query.get("kf_account", "")
    return named in world.agents and world.chaos.take("del_effect", inquiry.path) is not None
