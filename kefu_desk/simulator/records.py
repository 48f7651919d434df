"""The message records of WeChat's own kefu system, kept as ready-made JSON in order of time."""

import json
from bisect import bisect_left, bisect_right

from msgspec import Struct

AGENT_SENT = 2002
AGENT_RECEIVED = 2003
FIRST_MSGID = 20165001


class Record(Struct, frozen=True):
    """One line of a conversation; `time` in Unix seconds, `worker` the full kf account."""

    msgid: int
    openid: str
    opercode: int
    text: str
    time: int
    worker: str


class RecordBook:
    """All records, oldest first, with ascending msgids."""

    def __init__(self) -> None:
        self.all: list[Record] = []
        self._times: list[int] = []
        self._json: list[bytes] = []

    def add(self, openid: str, opercode: int, text: str, time: float, worker: str) -> Record:
        """Appends a record; its time is never earlier than the one before."""
        second = max(int(time), self._times[-1] if self._times else 0)
        record = Record(FIRST_MSGID + len(self.all), openid, opercode, text, second, worker)
        body = {"openid": openid, "opercode": opercode, "text": text, "time": second, "worker": worker}
        self.all.append(record)
        self._times.append(second)
        self._json.append(
            json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        )
        return record

    def page(self, start: int, end: int, cursor: int, number: int, *, inclusive: bool = False) -> bytes:
        """The getmsglist body: at most `number` records of start <= time <= end, msgid > cursor (or >=)."""
        after = cursor - FIRST_MSGID + (0 if inclusive else 1)
        first = max(bisect_left(self._times, start), after, 0)
        last = min(bisect_right(self._times, end), first + number)
        if first >= last:
            return b'{"recordlist":[],"number":0,"msgid":0}'
        tail = f'],"number":{last - first},"msgid":{FIRST_MSGID + last - 1}}}'
        return b'{"recordlist":[' + b",".join(self._json[first:last]) + tail.encode()
