"""A message on its way to a customer, and what may become of it (reliability 1.4)."""

from enum import StrEnum

from msgspec import Struct

from kefu_desk.domain.failure import Failure
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId


class SendState(StrEnum):
    """What this desk knows about one send; `sent` means accepted by WeChat, never read or delivered."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    RESOLVED = "resolved"


LEGAL: dict[SendState, frozenset[SendState]] = {
    SendState.QUEUED: frozenset({SendState.SENDING, SendState.CANCELLED}),
    SendState.SENDING: frozenset({SendState.SENT, SendState.FAILED, SendState.UNKNOWN, SendState.QUEUED}),
    SendState.UNKNOWN: frozenset({SendState.SENT, SendState.RESOLVED}),
    SendState.FAILED: frozenset({SendState.RESOLVED}),
    SendState.SENT: frozenset(),
    SendState.CANCELLED: frozenset(),
    SendState.RESOLVED: frozenset({SendState.SENT}),
}
"""Which state may follow which; a restart turns sending into unknown, never back into queued."""

OPEN = frozenset({SendState.QUEUED, SendState.SENDING, SendState.UNKNOWN})
"""States in which a later message to the same customer has to wait or the agent is still owed an answer."""


class OutboxItem(Struct, frozen=True):
    """One accepted send: its customer and text never change after it is stored. Times in Unix seconds.

    `parent` is the item that this one sends again; `evidence` tells that a record of WeChat explains it.
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


def may_follow(before: SendState, after: SendState) -> bool:
    """Whether the state machine allows the step."""
    return after in LEGAL[before]
