"""What the platform remembers of a refused request under its rid, with every secret masked."""

import re
from collections import OrderedDict

from msgspec import Struct

from kefu_desk.simulator.inquiry import Inquiry

KEPT = 1000
KEPT_BYTES = 4096

_RID = rb" rid: ([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})"
_SECRET = r'("?(?:appsecret|secret|access_token)"?\s*:\s*")[^"]*'  # noqa: S105  a pattern
_IN_ADDRESS = r"(access_token=)[^&\"\s]*"
_SECRET_KEYS = frozenset({"access_token", "secret", "appsecret"})


class Trace(Struct, frozen=True):
    """One request and its answer; `time` in Unix seconds, bodies cut after 4 KB."""

    time: float
    url: str
    body: str
    answer: str
    ip: str


class TraceBook:
    """The newest 1000 refused requests by rid."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Trace] = OrderedDict()

    def note(self, time: float, inquiry: Inquiry, answer: bytes) -> None:
        """Remembers a request if its answer carries a rid."""
        found = re.search(_RID, answer)
        if found is None:
            return
        query = "&".join(
            f"{key}={'***' if key in _SECRET_KEYS else value}" for key, value in inquiry.query.items()
        )
        body = re.sub(_SECRET, r"\1***", inquiry.body[:KEPT_BYTES].decode("utf-8", "replace"))
        self._kept[found[1].decode()] = Trace(
            time,
            f"{inquiry.scheme}://api.weixin.qq.com{inquiry.path}?{query}",
            re.sub(_IN_ADDRESS, r"\1***", body),
            answer[:KEPT_BYTES].decode("utf-8", "replace"),
            inquiry.ip,
        )
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def find(self, rid: str) -> Trace | None:
        """The request of this rid, or None when it is not remembered."""
        return self._kept.get(rid)
