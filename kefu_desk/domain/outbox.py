"""A message on its way to a customer, and what may become of it (reliability 1.4)."""

from enum import StrEnum

from msgspec import Struct

from kefu_desk.domain.failure import Failure
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId


class SendState(StrEnum):
    """What this desk knows about one send; `sent` means accepted by WeChat, never read or delivered.

    `held` waits a few seconds so that it can be undone or joined; `parked` waits until the customer writes.
    """

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    RESOLVED = "resolved"
    PARKED = "parked"


class Proof(StrEnum):
    """What shows that WeChat took a send: its answer to the call, or one of its records."""

    REPLY = "reply"
    RECORD = "record"


class Decision(StrEnum):
    """What a person said of a send that failed or whose outcome nobody knows."""

    AGAIN = "again"
    ARRIVED = "arrived"
    LEFT = "left"


LEGAL: dict[SendState, frozenset[SendState]] = {
    SendState.HELD: frozenset({SendState.QUEUED, SendState.CANCELLED, SendState.PARKED}),
    SendState.QUEUED: frozenset({SendState.SENDING, SendState.CANCELLED, SendState.PARKED}),
    SendState.SENDING: frozenset({SendState.SENT, SendState.FAILED, SendState.UNKNOWN, SendState.QUEUED}),
    SendState.UNKNOWN: frozenset({SendState.SENT, SendState.RESOLVED}),
    SendState.FAILED: frozenset({SendState.RESOLVED}),
    SendState.SENT: frozenset(),
    SendState.CANCELLED: frozenset(),
    SendState.RESOLVED: frozenset({SendState.SENT}),
    SendState.PARKED: frozenset({SendState.CANCELLED}),
}
"""Which state may follow which; a restart turns sending into unknown, never back into queued."""

OPEN = frozenset({SendState.HELD, SendState.QUEUED, SendState.SENDING, SendState.UNKNOWN})
"""States in which a later message to the same customer has to wait or the agent is still owed an answer."""

WAITING = frozenset({SendState.HELD, SendState.QUEUED})
"""States that WeChat was not asked in yet."""


class OutboxItem(Struct, frozen=True):
    """One accepted send; customer and agent never change, the text only while it is held. Unix seconds.

    `parent` is the item that this one sends again; `evidence` tells that a record of WeChat explains it.
    `lines` counts the texts that were joined into this one. `asked` is when an unknown outcome was put to
    the agent, who answers with a `decision`.
    """

    id: OutboxId
    openid: OpenId
    agent: AgentId
    text: str
    created: float
    state: SendState = SendState.QUEUED
    attempts: int = 0
    started: float | None = None
    settled: float | None = None
    failure: Failure | None = None
    parent: OutboxId | None = None
    evidence: bool = False
    lines: int = 1
    asked: float | None = None
    proof: Proof | None = None
    decision: Decision | None = None


def may_follow(before: SendState, after: SendState) -> bool:
    """Whether the state machine allows the step."""
    return after in LEGAL[before]
