"""From the bytes of an answer to a value or an error; nothing else may leave this module."""

import json
import re
from collections.abc import Callable
from typing import Final, Generic, NoReturn, TypeVar, cast

from msgspec import ValidationError
from msgspec.json import Decoder

from kefu_desk.domain.failure import Effect
from kefu_desk.wechat.codes import PARTLY_DONE, rule_of
from kefu_desk.wechat.errors import ApiError, BadReply, WeChatError, cleaned, split_rid
from kefu_desk.wechat.spec import Endpoint
from kefu_desk.wechat.wire import (
    Doubled,
    Reply,
    damaged,
    left_out,
    mended,
    mended_throughout,
    pick_out,
)

R = TypeVar("R", bound=Reply)

_ERRCODE = r'"errcode"\s*:\s*"?(-?\d{1,10})"?\s*[,}]'
_ERRMSG = r'"errmsg"\s*:\s*"((?:[^"\\]|\\.){0,4000})"'
_HALF = r"(?i)\\ud[89a-f]|[\ud800-\udfff]"
_CODE = r"(0|-?[1-9][0-9]{0,9})\Z"


class Shape(Generic[R]):
    """The expected form of one kind of reply, with its decoder made once."""

    def __init__(self, kind: type[R]) -> None:
        self.kind = kind
        self.decode: Callable[[bytes], R] = Decoder(kind, strict=False).decode
        self._once = tuple(f'"{name}"'.encode() for name in kind.__struct_encode_fields__)

    def may_be_doubled(self, body: bytes) -> bool:
        """Whether a name of the reply may stand in it twice; the decoder would silently take the last.

        In a large reply only the verdict is looked for everywhere, and the rest where a reply has its own
        names: before and after its rows.
        """
        ends = body if len(body) <= 2 * END_BYTES else body[:END_BYTES] + body[-END_BYTES:]
        return body.count(b'"errcode"') > 1 or any(ends.count(name) > 1 for name in self._once)


class Reading:
    """One answer being read: which call it belongs to and what must not be repeated from it."""

    def __init__(self, endpoint: Endpoint, status: int, body: bytes, hidden: tuple[str, ...]) -> None:
        self._endpoint = endpoint
        self._status = status
        self._body = body
        self._hidden = hidden

        self.left_out: list[str] = []
        """The rows that made no sense, as JSON, each cut at 2000 characters."""

        self.mended: list[str] = []
        """The rows in which a text had to be mended, as they came: what is no text stands as `\\udcXX`."""

    def value(self, shape: Shape[R]) -> tuple[R, int]:
        """The reply and the number of its rows that had to be left out.

        Raises:
            ApiError: for an errcode other than 0.
            BadReply: when this is not how WeChat answers.
        """
        if self._status != 200:
            raise self._bad()
        reply: R | None
        try:
            reply = shape.decode(self._body)
        except (ValueError, RecursionError):
            reply = None  # the slow road below says what is wrong, or copes; errors from here hold the words
        if reply is not None and not shape.may_be_doubled(self._body):
            self._check(_raw_code(bytes(reply.errcode)), reply.errmsg)
            if not reply.is_complete():
                raise self._bad()
            return reply, 0
        return self._slowly(shape)

    def _slowly(self, shape: Shape[R]) -> tuple[R, int]:
        words = self._body.decode("utf-8-sig", "surrogateescape")
        raw = _parsed(words)
        if raw is NO_JSON:
            raise self._scavenged(mended(words))
        if not isinstance(raw, dict) or isinstance(raw, Doubled):
            raise self._bad()
        obj = raw
        if re.search(_HALF, words):  # only so can half a character come into a text
            self.mended = [_as_json(row, ascii=True) for row in damaged(raw)[:KEPT_ROWS]]
            obj = cast("dict[str, object]", mended_throughout(raw))
        errmsg = obj.get("errmsg", "")
        self._check(_loose_code(obj.get("errcode", ABSENT)), errmsg if isinstance(errmsg, str) else "")
        try:
            reply, skipped = pick_out(shape.kind, obj)
        except ValidationError:
            raise self._bad() from None
        if not reply.is_complete():
            raise self._bad()
        if skipped:
            self.left_out = [_as_json(row, ascii=False) for row in left_out(shape.kind, obj)[:KEPT_ROWS]]
        return reply, skipped

    def _check(self, code: int | None, errmsg: str) -> None:
        """Raises unless the code is 0, or absent where WeChat leaves it out: on replies that carry data."""
        if code is None or (code == ABSENT and not (self._endpoint.reads or self._endpoint.gives)):
            raise self._bad()
        if code not in (0, ABSENT):
            raise self._refusal(code, errmsg, certain=True)

    def _scavenged(self, words: str) -> WeChatError:
        """WeChat has been seen to send invalid JSON with a good errcode in it (API reference 2.6)."""
        code = re.search(_ERRCODE, words)
        if code is None or int(code.group(1)) == 0:
            return self._bad()
        errmsg = re.search(_ERRMSG, words)
        return self._refusal(int(code.group(1)), errmsg.group(1) if errmsg else "", certain=False)

    def _refusal(self, code: int, errmsg: str, *, certain: bool) -> ApiError:
        rule = rule_of(code, authorised=self._endpoint.authorised)
        effect = rule.effect if certain else Effect.MAYBE
        plain, rid = split_rid(mended(errmsg[:8000]))
        error = ApiError(
            rule.category,
            code,
            cleaned(plain, self._hidden),
            rid=rid,
            endpoint=self._endpoint.name,
            effect=Effect.NONE if self._endpoint.reads else effect,
            certain=certain,
        )
        if code == PARTLY_DONE:
            error.left = left_in(self._body)
        return error

    def _bad(self) -> BadReply:
        excerpt = ""
        if self._endpoint.authorised:  # half a reply of the token endpoint may hold a whole token
            excerpt = cleaned(self._body[:65536].decode("utf-8", "replace"), self._hidden)
        return BadReply(
            self._status,
            excerpt,
            endpoint=self._endpoint.name,
            effect=Effect.NONE if self._endpoint.reads or self._status in NEVER_PASSED_ON else Effect.MAYBE,
        )


def left_in(body: bytes) -> tuple[str, ...]:
    """The openids that a tagging did not reach, as its refusal lists them."""
    obj = _parsed(body.decode("utf-8-sig", "replace"))
    listed = obj.get("fail_openid_list") if isinstance(obj, dict) else None
    return tuple(mended(item) for item in listed if isinstance(item, str)) if isinstance(listed, list) else ()


ABSENT = 10**10
"""Stands for an errcode that is not there; longer than any that is accepted."""

NO_JSON: Final = object()

KEPT_ROWS = 100
END_BYTES = 4096
ROW_LENGTH = 2000

NEVER_PASSED_ON = frozenset({413, 414})
"""Answers of a gateway that refuses a request for its size before anybody acts on it."""


def _parsed(words: str) -> object:
    """What the lenient parser makes of it, or NO_JSON; its errors hold the words and must not go on."""
    try:
        return json.loads(words, strict=False, parse_constant=_refuse, object_pairs_hook=_pairs)
    except (ValueError, RecursionError):
        return NO_JSON


def _as_json(row: object, *, ascii: bool) -> str:  # noqa: A002  as json calls it, nearly
    try:
        return json.dumps(row, ensure_ascii=ascii)[:ROW_LENGTH]
    except RecursionError:
        return "..."


def _raw_code(raw: bytes) -> int | None:
    if not raw:
        return ABSENT
    words = raw.decode("utf-8", "replace")
    if len(words) > 1 and words[0] == words[-1] == '"':
        words = words[1:-1]
    return int(words) if re.match(_CODE, words) else None


def _loose_code(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= ABSENT:
        return value
    if isinstance(value, str) and re.match(_CODE, value):
        return int(value)
    return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    obj = dict(pairs)
    return obj if len(obj) == len(pairs) else Doubled(obj)
