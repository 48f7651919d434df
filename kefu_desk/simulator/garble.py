"""Replies that arrive damaged although the platform did its work."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

GATEWAY_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>"
    b"<center><h1>502 Bad Gateway</h1></center>"
    b"<hr><center>nginx</center></body>\r\n</html>\r\n"
)


def garbled(kind: str, body: bytes) -> bytes:
    """The body as this value of the `reply` switch makes it; a body that is no JSON object stays as it is."""
    raw = _RAW.get(kind)
    if raw is not None:
        return raw(body)
    change = _CHANGES.get(kind)
    value = json.loads(body) if change is not None else None
    if change is None or not isinstance(value, dict):
        return body
    return json.dumps(change(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _without_last(value: object) -> object:
    if isinstance(value, list):
        return [_without_last(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_last(item) for key, item in list(value.items())[:-1]}
    return value


def _with_more(value: object) -> object:
    if isinstance(value, list):
        return [_with_more(item) for item in value]
    if isinstance(value, dict):
        added = {"kf_openid": "", "future_field": {"nested": [1, "2"]}}
        return {key: _with_more(item) for key, item in value.items()} | added
    return value


def _stringed(value: object) -> object:
    if isinstance(value, list):
        return [_stringed(item) for item in value]
    if isinstance(value, dict):
        return {key: _stringed(item) for key, item in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _with_string_errcode(value: object) -> object:
    assert isinstance(value, dict)
    return value | {"errcode": str(value.get("errcode", 0)), "errmsg": value.get("errmsg", "ok")}


_RAW: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        "html": lambda _body: GATEWAY_PAGE,
        "http_500": lambda _body: GATEWAY_PAGE,
        "empty": lambda _body: b"",
        "not_json": lambda _body: b'{"errcode": invalid kf_account, "errmsg":"invalid kf_account"}',
        "truncated": lambda body: body[: len(body) // 2],
    }
)

_CHANGES: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "missing_fields": _without_last,
        "extra_fields": _with_more,
        "numbers_as_strings": _stringed,
        "errcode_string": _with_string_errcode,
    }
)
