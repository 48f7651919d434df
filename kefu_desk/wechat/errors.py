"""What may come back from a call instead of a value.

WeChatError                 endpoint, effect: may the call have done its work all the same
├── ApiError                WeChat refused: category, errcode, errmsg, rid
├── TransportError          no complete answer: reason, phase
├── BadReply                an answer, but not one of WeChat's: status, excerpt
│   └── ReplyTooLarge       more bytes than any honest answer has
└── NothingDone             WeChat said ok, and looking again showed no change

No text of these holds a token, a secret or the query of an address.
"""

import re
from enum import StrEnum

from kefu_desk.domain.failure import Category, Effect

ERRMSG_LENGTH = 200
"""Characters kept of an errmsg or of a reply that is not WeChat's."""

SHORTEST_SECRET = 8
"""Shorter values are made up by hand; masking them would only spoil the words."""

_RID = r"\s*\brid:\s*([0-9A-Za-z]{1,16}(?:-[0-9A-Za-z]{1,16}){1,4})"
_HINT = r"\s*\bhint:\s*\[[^\]]{0,80}\]"
_QUERY = r"\?[^\s\"'<>]*"
_NAMED = r"(?i)\b((?:access_)?token|(?:app)?secret)(\W{1,4})[\w.~%+/-]{8,}"
_LONG = r"[A-Za-z0-9_%+/=-]{32,}"
"""No word is that long, but secrets (32) and tokens (over 100) are; openids (28) are not."""

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+"


class Reason(StrEnum):
    """Why there is no complete answer."""

    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    PORTAL = "portal"
    PROXY = "proxy"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    BROKEN = "broken"


class WeChatError(Exception):
    """Anything that may go wrong with a call; the only exceptions that leave this package.

    `left` names the openids that a change to many customers did not reach, as far as is known.
    """

    def __init__(self, summary: str, *, endpoint: str, effect: Effect) -> None:
        super().__init__(summary)
        self.endpoint = endpoint
        self.effect = effect
        self.left: tuple[str, ...] = ()


class ApiError(WeChatError):
    """WeChat answered with an errcode other than 0.

    `errmsg` is cleaned for display: without request id, hint, secrets and control characters, at most 200
    characters. `certain` is False when the code was picked out of a reply that is not valid JSON.
    """

    def __init__(
        self,
        category: Category,
        errcode: int,
        errmsg: str,
        *,
        rid: str = "",
        endpoint: str,
        effect: Effect,
        certain: bool = True,
    ) -> None:
        tail = f" rid={rid}" if rid else ""
        super().__init__(f"{errcode} {endpoint}{tail} {errmsg}".rstrip(), endpoint=endpoint, effect=effect)
        self.category = category
        self.errcode = errcode
        self.errmsg = errmsg
        self.rid = rid
        self.certain = certain


class TransportError(WeChatError):
    """The call got no complete answer; `phase` tells whether it may have reached WeChat.

    `issuer` and `fingerprint` describe a certificate that was refused.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        endpoint: str,
        phase: Effect,
        issuer: str = "",
        fingerprint: str = "",
    ) -> None:
        super().__init__(f"{reason.value} {endpoint} {detail}".rstrip(), endpoint=endpoint, effect=phase)
        self.reason = reason
        self.detail = detail
        self.phase = phase
        self.issuer = issuer
        self.fingerprint = fingerprint


class BadReply(WeChatError):  # noqa: N818  the API reference calls it so
    """Something answered, but not as WeChat does: HTML, nothing, half a JSON, another HTTP status."""

    def __init__(self, status: int, excerpt: str, *, endpoint: str, effect: Effect) -> None:
        super().__init__(f"HTTP {status} {endpoint} {excerpt}".rstrip(), endpoint=endpoint, effect=effect)
        self.status = status
        self.excerpt = excerpt


class ReplyTooLarge(BadReply):
    """The answer was cut off at the size limit; asking for fewer records helps."""


class NothingDone(WeChatError):  # noqa: N818  it says what happened
    """WeChat said ok, and looking again showed that nothing has changed."""


def cleaned(words: str, hidden: tuple[str, ...] = ()) -> str:
    """Foreign words made fit for one line of a tooltip or a log; each of `hidden` is masked."""
    for secret in hidden:
        if len(secret) >= SHORTEST_SECRET:
            words = words.replace(secret, "***")
    words = re.sub(_NAMED, r"\1\2***", re.sub(_QUERY, "", words[: ERRMSG_LENGTH * 20]))
    words = re.sub(_LONG, "***", words)
    return " ".join(re.sub(_CONTROL, " ", words).split())[:ERRMSG_LENGTH]


def split_rid(errmsg: str) -> tuple[str, str]:
    """An errmsg without its suffixes, and the request id for support (API reference 0.3, rule 8)."""
    errmsg = errmsg[: ERRMSG_LENGTH * 20]
    found = re.search(_RID, errmsg)
    return re.sub(_HINT, "", re.sub(_RID, "", errmsg)).strip(), found.group(1) if found else ""
