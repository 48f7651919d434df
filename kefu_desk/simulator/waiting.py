"""The waiting queue: order of arrival, time of the last message, and its ready-made answer."""

import json
from collections.abc import Iterator

from msgspec import Struct

LISTED = 100


class Waiting(Struct):
    """A customer who waits, perhaps for the agent `designated`; times in Unix seconds."""

    openid: str
    entered: float
    latest_time: float
    designated: str = ""


class WaitingLine:
    """Customers in order of arrival. The getwaitcase answer is rebuilt only after a change."""

    def __init__(self) -> None:
        self._line: dict[str, Waiting] = {}
        self._answer: bytes | None = None

    def __len__(self) -> int:
        return len(self._line)

    def __contains__(self, openid: object) -> bool:
        return openid in self._line

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._line.values())

    def touch(self, openid: str, now: float, designated: str = "") -> None:
        """A message of this customer: joins the end of the line, or moves `latest_time`."""
        known = self._line.get(openid)
        if known is None:
            self._line[openid] = Waiting(openid, now, now, designated)
        else:
            known.latest_time = now
            known.designated = designated or known.designated
        self._answer = None

    def release(self, kf_account: str) -> None:
        """Whoever waited for this agent now waits for anybody."""
        for waiting in self:
            if waiting.designated == kf_account:
                waiting.designated = ""

    def leave(self, openid: str) -> bool:
        """Takes a customer out of the line; False when they were not in it."""
        self._answer = None
        return self._line.pop(openid, None) is not None

    def answer(self) -> bytes:
        """The body of getwaitcase: the true count and the first 100."""
        if self._answer is None:
            first = [
                {"latest_time": int(w.latest_time), "openid": w.openid}
                for _, w in zip(range(LISTED), self, strict=False)
            ]
            body = {"count": len(self), "waitcaselist": first}
            self._answer = json.dumps(body, separators=(",", ":")).encode()
        return self._answer

    def legacy_answer(self) -> bytes:
        """The same in the older item shape: designated agent and arrival time as a string."""
        first = [
            {"openid": w.openid, "kf_account": w.designated, "createtime": str(int(w.entered))}
            for _, w in zip(range(LISTED), self, strict=False)
        ]
        return json.dumps({"count": len(self), "waitcaselist": first}, separators=(",", ":")).encode()
