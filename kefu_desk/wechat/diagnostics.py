"""What WeChat tells about its own side, as frozen values (API reference 7)."""

import re

from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace

from kefu_desk.wechat.wire import Reply, Seconds

_SECRETS = r"(?i)((?:access_)?token|(?:app)?secret)(\\?[\"']?\s*[=:]\s*\\?[\"']?)[^&\s\"'\\]+"


class Usage(Struct, frozen=True):
    """The daily count inside a quota."""

    daily_limit: Seconds = 0
    used: Seconds = 0
    remain: Seconds = 0


class Rate(Struct, frozen=True):
    """The short-term limit inside a quota."""

    call_count: Seconds = 0
    refresh_second: Seconds = 0


class QuotaReply(Reply, frozen=True):
    """openapi/quota/get."""

    quota: Usage | UnsetType = UNSET
    rate_limit: Rate = Rate()

    def is_complete(self) -> bool:
        """Whether the reply has the quota."""
        return self.quota is not UNSET


class Quota(Struct, frozen=True):
    """How often an endpoint may be called a day, and `rate_calls` times in `rate_seconds`; 0 is not told."""

    path: str
    daily_limit: int
    used: int
    remain: int
    rate_calls: int = 0
    rate_seconds: int = 0


class PastRequest(Struct, frozen=True):
    """A request that WeChat remembers; `invoke_time` in Unix seconds."""

    invoke_time: Seconds = 0
    cost_ms: Seconds = field(name="cost_in_ms", default=0)
    url: str = field(name="request_url", default="")
    request_body: str = ""
    response_body: str = ""
    client_ip: str = ""


class RidReply(Reply, frozen=True):
    """openapi/rid/get."""

    request: PastRequest | UnsetType = UNSET

    def is_complete(self) -> bool:
        """Whether the reply has the request."""
        return self.request is not UNSET


class AddressesReply(Reply, frozen=True):
    """getcallbackip and get_api_domain_ip."""

    ip_list: tuple[str, ...] | UnsetType = UNSET

    def is_complete(self) -> bool:
        """Whether the reply has the list."""
        return self.ip_list is not UNSET


class Resolved(Struct, frozen=True):
    """An address of the account's own server and the network it belongs to."""

    ip: str = ""
    operator: str = field(name="real_operator", default="")


class Ping(Struct, frozen=True):
    """How well an address is reached from a network; `time` and `loss` in words like `23.5ms`."""

    ip: str = ""
    from_operator: str = ""
    loss: str = field(name="package_loss", default="")
    time: str = ""


class CallbackCheck(Reply, frozen=True):
    """callback/check."""

    dns: tuple[Resolved, ...] | UnsetType = UNSET
    ping: tuple[Ping, ...] | UnsetType = UNSET

    def is_complete(self) -> bool:
        """Whether anything was looked at."""
        return self.dns is not UNSET or self.ping is not UNSET


def quota_in(reply: QuotaReply, path: str) -> Quota:
    """The quota of a path as the client gives it."""
    usage = reply.quota if isinstance(reply.quota, Usage) else Usage()
    rate = reply.rate_limit
    return Quota(path, usage.daily_limit, usage.used, usage.remain, rate.call_count, rate.refresh_second)


def past_request(reply: RidReply) -> PastRequest:
    """The request as the client gives it: nothing in it can be used to call WeChat."""
    found = reply.request if isinstance(reply.request, PastRequest) else PastRequest()
    return replace(
        found,
        url=_masked(found.url),
        request_body=_masked(found.request_body),
        response_body=_masked(found.response_body),
    )


def _masked(words: str) -> str:
    return re.sub(_SECRETS, r"\1\2***", words)
