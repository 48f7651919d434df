"""One request as the rules see it, and how its body is read."""

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from msgspec import Struct

from kefu_desk.simulator.refusal import Refusal

_ESCAPE = r"(?s)\\(u[0-9a-fA-F]{4}|.)"
_FIRST_PRINTABLE = 0x20
_MARK = b"\xef\xbb\xbf"  # some Windows clients begin UTF-8 with it


class Inquiry(Struct):
    """One request: `query` and `body` as received, `fields` the parsed JSON object of a POST.

    `headers` have lower-case names; of a name that came twice the last value counts.
    """

    method: str
    path: str
    query: Mapping[str, str] = {}
    body: bytes = b""
    ip: str = "127.0.0.1"
    scheme: str = "https"
    fields: Mapping[str, object] = {}
    headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"Inquiry({self.method} {self.path})"  # query and body carry tokens and secrets

    def word(self, key: str) -> str:
        """A string field of the body, or "" when it is absent or something else."""
        value = self.fields.get(key)
        return value if isinstance(value, str) else ""


def has_escapes(body: bytes) -> bool:
    """Whether the JSON spells characters as backslash-u that could have been sent as they are."""
    return b"\\" in body and any(
        _is_needless(m) for m in re.finditer(_ESCAPE, body.decode("utf-8", "replace"))
    )


def form(body: bytes) -> Mapping[str, object]:
    """The fields of a form body such as `kf_account=a%40b`; of a name that comes twice the first counts.

    Raises:
        Refusal: 47001 for a body that is neither empty nor a form.
    """
    pairs = pairs_of(body.removeprefix(_MARK).strip())
    if body.strip() and not any(pairs.values()):
        raise Refusal(47001)
    return pairs


def pairs_of(query: bytes) -> dict[str, str]:
    """The pairs of a query in either spelling of a character; of a name that comes twice the first counts."""
    text = query.decode("utf-8", "replace")
    return dict(reversed(parse_qsl(text, keep_blank_values=True)))


def parsed(body: bytes) -> Mapping[str, object]:
    """The JSON object of a body. Needless backslash-u escapes stay as they are, as WeChat shows them.

    Raises:
        Refusal: 44002 for an empty body, 47001 for one that is no JSON object in UTF-8.
    """
    body = body.removeprefix(_MARK)
    if not body.strip():
        raise Refusal(44002)
    try:
        source = body.decode("utf-8")
        value = json.loads(re.sub(_ESCAPE, _literal, source) if "\\" in source else source, strict=False)
    except (ValueError, RecursionError):
        raise Refusal(47001) from None
    if not isinstance(value, dict):
        raise Refusal(47001)
    return value


def _is_needless(escape: re.Match[str]) -> bool:
    return escape[1][0] == "u" and len(escape[1]) == 5 and int(escape[1][1:], 16) >= _FIRST_PRINTABLE


def _literal(escape: re.Match[str]) -> str:
    return "\\" + escape[0] if _is_needless(escape) else escape[0]
