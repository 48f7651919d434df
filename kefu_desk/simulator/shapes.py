"""Answers in the other shapes that are seen from the platform, made after a rule has given its own."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from kefu_desk.simulator.chaos import Chaos
from kefu_desk.simulator.garble import NOT_JSON, stringed

Json = dict[str, object]

# in the order in which they are applied
_PATHS: Mapping[str, str] = MappingProxyType(
    {
        "avatar_error": "/uploadheadimg",
        "online_status": "/getonlinekflist",
        "records": "/getmsglist",
        "envelope": "",
        "empty_lists": "",
        "kf_id": "",
        "numbers": "",
        "broken_text": "",
    }
)

_SUCCESS = b'{"errcode":0,'

# characters of the private use area stand for bytes that no encoder would make
_PLACEHOLDER = "\ue0f0\ue0f1"
_LONE = "\ue0f2"
_BROKEN = b"\x01\x0b\x1f\xff\xe4\xbd"


def shaped(chaos: Chaos, path: str, content: bytes) -> bytes:
    """The answer as the switches want it; what is no JSON object stays as it is."""
    if content[:1] != b"{":
        return content
    refused = not content.startswith(_SUCCESS)
    on = {
        switch: chaos.take(switch, path)
        for switch, paths in _PATHS.items()
        if path.endswith(paths) and (refused or switch != "avatar_error")
    }
    if not any(on.values()):
        return content
    value: object = json.loads(content)
    assert isinstance(value, dict)
    if on.get("avatar_error"):
        return NOT_JSON
    for switch, setting in on.items():
        if setting is not None and switch in _CHANGES:
            value = _CHANGES[switch](value, setting)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    encoded = text.encode("utf-8", "replace")
    return encoded.replace(_PLACEHOLDER.encode(), _BROKEN).replace(_LONE.encode(), b"\\ud83d")


def _masked(value: Json, _setting: str) -> Json:
    listed = value.get("kf_online_list")
    if not isinstance(listed, list):
        return value
    return {**value, "kf_online_list": [{**agent, "status": 1 + n % 3} for n, agent in enumerate(listed)]}


def _with_odd_records(value: Json, kind: str) -> Json:
    listed = value.get("recordlist")
    if not isinstance(listed, list) or not listed:
        return value
    middle = len(listed) // 2
    if kind == "malformed":
        odd = [{"openid": 7, "opercode": "x", "time": None}]
        return {**value, "recordlist": [*listed[:middle], *odd, *listed[middle + 1 :]]}
    if kind == "unordered":
        return {**value, "recordlist": listed[::-1]}
    if kind == "miscounted":
        return {**value, "number": len(listed) + 1}
    mark = {"surrogate": _LONE, "nul": "\0"}[kind]
    return {**value, "recordlist": [{**record, "text": record["text"] + mark} for record in listed]}


def _enveloped(value: Json, kind: str) -> Json:
    errcode = value.get("errcode", 0)
    head = {"errcode": str(errcode) if kind == "string" else errcode, "errmsg": value.get("errmsg", "ok")}
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


_CHANGES: Mapping[str, Callable[[Json, str], Json]] = MappingProxyType(
    {
        "online_status": _masked,
        "records": _with_odd_records,
        "envelope": _enveloped,
        "empty_lists": lambda value, _: {
            key: _without_empty(item) for key, item in value.items() if item != []
        },
        "kf_id": lambda value, _: {key: _with_text_ids(item) for key, item in value.items()},
        "numbers": lambda value, _: {key: stringed(item) for key, item in value.items()},
        "broken_text": lambda value, _: {key: _with_broken(item, key) for key, item in value.items()},
    }
)
