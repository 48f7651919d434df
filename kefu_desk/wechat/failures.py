"""WeChat's errors in words that tell an agent what to do next."""

import ipaddress
import re

from kefu_desk.domain.failure import Action, Category, Failure
from kefu_desk.domain.text import Text, text
from kefu_desk.wechat.codes import rule_of
from kefu_desk.wechat.errors import ApiError, BadReply, NothingDone, Reason, TransportError, WeChatError
from kefu_desk.wechat.spec import ENDPOINTS

_V4 = r"(?<![\w.:])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"
_V6 = r"(?<![\w.:])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*[0-9A-Fa-f](?![\w:])"
_UNAUTHORISED = frozenset(endpoint.name for endpoint in ENDPOINTS if not endpoint.authorised)

FINGERPRINT_SHOWN = 23
"""Eight pairs tell two certificates apart; the whole of it is in the detail."""

_REASONS: dict[Reason, tuple[Category, str]] = {
    Reason.DNS: (Category.NETWORK, "failure.offline.dns"),
    Reason.REFUSED: (Category.NETWORK, "failure.offline.refused"),
    Reason.TLS: (Category.UNTRUSTED, "failure.offline.tls"),
    Reason.PORTAL: (Category.PORTAL, "failure.portal"),
    Reason.PROXY: (Category.NETWORK, "failure.offline.proxy"),
    Reason.CONNECT: (Category.NETWORK, "failure.offline"),
    Reason.TIMEOUT: (Category.TIMEOUT, "failure.timeout"),
    Reason.BROKEN: (Category.NETWORK, "failure.offline.broken"),
}


def failure_of(error: WeChatError) -> Failure:
    """The failure that an error stands for, with code, request id and cleaned errmsg in its detail."""
    if isinstance(error, ApiError):
        return _refusal(error)
    if isinstance(error, TransportError):
        return _broken(error)
    if isinstance(error, NothingDone):
        words = text("failure.nothing_done")
        return Failure(Category.BUSY, words, error.effect, detail=str(error), action=Action.RETRY)
    words, subject = text("failure.bad_reply"), ""
    if isinstance(error, BadReply) and error.status != 200:
        words, subject = text("failure.http", status=error.status), str(error.status)
    return Failure(
        Category.BAD_REPLY, words, error.effect, detail=str(error), subject=subject, action=Action.RETRY
    )


def _broken(error: TransportError) -> Failure:
    category, key = _REASONS[error.reason]
    words, detail = text(key), str(error)
    if error.fingerprint:
        detail += f' issuer="{error.issuer}" sha256={error.fingerprint}'
    if error.issuer:
        start = error.fingerprint[:FINGERPRINT_SHOWN]
        words = text("failure.untrusted", issuer=error.issuer, fingerprint=start)
    return Failure(category, words, error.effect, detail=detail, subject=error.issuer, action=Action.RETRY)


def _refusal(error: ApiError) -> Failure:
    rule = rule_of(error.errcode, authorised=error.endpoint not in _UNAUTHORISED)
    words, subject = _words(rule.words, error)
    return Failure(
        rule.category,
        words,
        error.effect,
        code=error.errcode,
        rid=error.rid,
        detail=str(error),
        subject=subject,
        action=rule.action,
    )


def _words(key: str, error: ApiError) -> tuple[Text, str]:
    if key == "failure.ip_refused":
        address = refused_address(error.errmsg)
        return (text(key, ip=address) if address else text("failure.ip_refused.unnamed")), address
    if key == "failure.taken":
        agent = _agent_in(error.errmsg)
        return (text("failure.taken.by", agent=agent) if agent else text(key)), agent
    if key == "failure.unknown_code":
        return text(key, code=error.errcode), ""
    return text(key), ""


def refused_address(errmsg: str) -> str:
    """The address that WeChat does not have on its list; IPv4 where it names both, empty when none."""
    for pattern in (_V4, _V6):
        for found in re.findall(pattern, errmsg):
            try:
                address = ipaddress.ip_address(found)
            except ValueError:
                continue
            mapped = getattr(address, "ipv4_mapped", None)
            return str(mapped or address)
    return ""


def _agent_in(errmsg: str) -> str:
    found = re.search(r"accepted by\s+([\w.-]{1,40}@[\w.-]{1,60})", errmsg)
    return found.group(1) if found else ""
