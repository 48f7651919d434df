"""Replies that arrive damaged although the platform did its work."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from msgspec.structs import replace

from kefu_desk.simulator.reply import Reply

PORTAL = "http://portal.invalid/login"
HTML = "text/html"
NO_TYPE = "-"

_GATEWAY = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>"
    "<center><h1>{0}</h1></center>"
    "<hr><center>nginx</center></body>\r\n</html>\r\n"
)
NOT_JSON = b'{"errcode": invalid kf_account, "errmsg":"invalid kf_account"}'
_MARK = b"\xef\xbb\xbf"


def garbled(kind: str, reply: Reply) -> Reply:
    """The reply as this value of the `reply` switch makes it; others change nothing."""
    name, _, rest = kind.partition(":")
    if name.startswith("http_"):
        return _page(int(name[-3:]))
    if name.startswith("redirect"):
        status = int(name.removeprefix("redirect").strip("_") or 302)
        return replace(_page(status), headers=(("location", rest or PORTAL),))
    whole = _WHOLE.get(name)
    if whole is not None:
        return whole(reply, rest)
    change = _CHANGES.get(name)
    value = json.loads(reply.content) if change is not None and reply.content[:1] == b"{" else None
    if change is None or not isinstance(value, dict):
        return reply
    return replace(reply, content=_compact(change(value)))


def stringed(value: object) -> object:
    """The same JSON with every number as a text."""
    if isinstance(value, list):
        return [stringed(item) for item in value]
    if isinstance(value, dict):
        return {key: stringed(item) for key, item in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _page(status: int) -> Reply:
    title = f"{status} {HTTPStatus(status).phrase}"
    return Reply(_GATEWAY.replace("{0}", title).encode(), status, HTML)


def _packed(reply: Reply, _rest: str) -> Reply:
    return replace(reply, headers=(*reply.headers, ("content-encoding", "gzip")))


def _coded(reply: Reply, errcode: str) -> Reply:
    return replace(reply, content=_compact({"errcode": int(errcode), "errmsg": "something new"}))


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


def _with_string_errcode(value: object) -> object:
    assert isinstance(value, dict)
    return value | {"errcode": str(value.get("errcode", 0)), "errmsg": value.get("errmsg", "ok")}


def _compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


_WHOLE: Mapping[str, Callable[[Reply, str], Reply]] = MappingProxyType(
    {
        "html": lambda _reply, _: replace(_page(502), status=200),
        "empty": lambda reply, _: replace(reply, content=b""),
        "not_json": lambda reply, _: replace(reply, content=NOT_JSON),
        "truncated": lambda reply, _: replace(reply, content=reply.content[: len(reply.content) // 2]),
        "bom": lambda reply, _: replace(reply, content=_MARK + reply.content),
        "body": lambda reply, text: replace(reply, content=text.encode("utf-8", "surrogatepass")),
        "type": lambda reply, kind: replace(reply, content_type=kind or NO_TYPE),
        "code": _coded,
        "gzip_garbage": _packed,
    }
)

_CHANGES: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "missing_fields": _without_last,
        "extra_fields": _with_more,
        "numbers_as_strings": stringed,
        "errcode_string": _with_string_errcode,
    }
)
