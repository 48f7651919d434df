"""Answers in the other shapes that are seen from the platform, made after a rule has given its own."""

import json
from collections.abc import Mapping

from kefu_desk.simulator.chaos import Chaos
from kefu_desk.simulator.garble import NOT_JSON, stringed

SHAPING = ("kf_id", "numbers", "envelope", "empty_lists", "broken_text", "online_status", "avatar_error")

_ONLINE = "/getonlinekflist"
_AVATAR = "/uploadheadimg"

# characters of the private use area stand for bytes that no encoder would make
_PLACEHOLDER = "\ue0f0\ue0f1"
_BROKEN = b"\x01\x0b\x1f\xff\xe4\xbd"


def shaped(chaos: Chaos, path: str, content: bytes) -> bytes:
    """The answer as the switches want it; what is no JSON object stays as it is."""
    if content[:1] != b"{":
        return content
    on = {switch: chaos.take(switch, path) for switch in SHAPING if _concerns(switch, path)}
    if not any(on.values()):
        return content
    value: object = json.loads(content)
    assert isinstance(value, dict)
    if on.get("avatar_error") and value.get("errcode", 0) != 0:
        return NOT_JSON
    if on.get("online_status"):
        value = _masked(value)
    if on["envelope"]:
        value = _enveloped(value, as_text=on["envelope"] == "string")
    if on["empty_lists"]:
        value = _without_empty(value)
    if on["kf_id"]:
        value = _with_text_ids(value)
    if on["numbers"]:
        value = stringed(value)
    if on["broken_text"]:
        value = _with_broken(value)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").replace(_PLACEHOLDER.encode(), _BROKEN)


def _concerns(switch: str, path: str) -> bool:
    if switch == "online_status":
        return path.endswith(_ONLINE)
    return switch != "avatar_error" or path.endswith(_AVATAR)


def _masked(value: Mapping[str, object]) -> Mapping[str, object]:
    listed = value.get("kf_online_list")
    agents = listed if isinstance(listed, list) else []
    return {**value, "kf_online_list": [{**agent, "status": 1 + n % 3} for n, agent in enumerate(agents)]}


def _enveloped(value: Mapping[str, object], *, as_text: bool) -> Mapping[str, object]:
    errcode = value.get("errcode", 0)
    head = {"errcode": str(errcode) if as_text else errcode, "errmsg": value.get("errmsg", "ok")}
    return head | {key: item for key, item in value.items() if key not in head}


def _without_empty(value: object) -> object:
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if item != []}
    return value


def _with_text_ids(value: object) -> object:
    if isinstance(value, list):
        return [_with_text_ids(item) for item in value]
    if isinstance(value, dict):
        return {key: str(item) if key == "kf_id" else _with_text_ids(item) for key, item in value.items()}
    return value


def _with_broken(value: object, key: str = "") -> object:
    if isinstance(value, list):
        return [_with_broken(item, key) for item in value]
    if isinstance(value, dict):
        return {name: _with_broken(item, name) for name, item in value.items()}
    return value + _PLACEHOLDER if key in {"remark", "text"} and isinstance(value, str) else value
