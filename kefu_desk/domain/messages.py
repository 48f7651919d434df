"""Messages as WeChat's records tell them."""

from collections import Counter
from collections.abc import Iterable
from enum import IntEnum, StrEnum

from msgspec import Struct

from kefu_desk.domain.ids import AgentId, OpenId


class OperCode(IntEnum):
    """What a record says happened (API reference 4.6)."""

    AGENT_SENT = 2002
    CUSTOMER_SENT = 2003


class Kind(StrEnum):
    """What a record carries; media arrive only as a placeholder text."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    SYSTEM = "system"


PLACEHOLDERS = {"[image]": Kind.IMAGE, "[voice]": Kind.VOICE, "[video]": Kind.VIDEO}


class Record(Struct, frozen=True):
    """One line of WeChat's message records; `time` in Unix seconds.

    Records have no id: two equal ones in one second are told apart by `ordinal`, the n-th of its kind in
    that second, counted from 0 (reliability 0.4).
    """

    openid: OpenId
    worker: AgentId
    opercode: int
    text: str
    time: int
    ordinal: int = 0

    @property
    def from_customer(self) -> bool:
        """Whether the customer wrote it."""
        return self.opercode == OperCode.CUSTOMER_SENT

    @property
    def kind(self) -> Kind:
        """What the record carries, judged from its code and placeholder."""
        if self.opercode not in (OperCode.AGENT_SENT, OperCode.CUSTOMER_SENT):
            return Kind.SYSTEM
        return PLACEHOLDERS.get(self.text, Kind.TEXT)


RecordKey = tuple[str, str, int, int, str, int]


def record_key(record: Record) -> RecordKey:
    """The identity of a record within one Official Account."""
    return (record.openid, record.worker, record.opercode, record.time, record.text, record.ordinal)


def numbered(records: Iterable[Record]) -> tuple[Record, ...]:
    """Gives equal records of one second their ordinals; the input must hold that second whole."""
    seen: Counter[tuple[str, str, int, int, str]] = Counter()
    out = []
    for r in records:
        key = (r.openid, r.worker, r.opercode, r.time, r.text)
        out.append(Record(r.openid, r.worker, r.opercode, r.text, r.time, seen[key]))
        seen[key] += 1
    return tuple(out)
