"""Small builders of domain values; times are Unix seconds of one Tuesday in Shanghai."""

from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.cases import ListedCase, Session, WaitingList
from kefu_desk.domain.failure import Category, Effect, Failure
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId
from kefu_desk.domain.messages import OperCode, Record
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.domain.reduce import reduce
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import text

NOON = 1_790_049_600
"""2026-09-22 12:00 in Shanghai."""

ME = AgentId("kf2001@luye")
COLLEAGUE = AgentId("kf2002@luye")
ANNA, BEN, CARA = (OpenId(f"oLuye{name:x<20}{name[:3]}") for name in ("anna", "ben0", "cara"))


def said(openid: OpenId, words: str = "在吗", at: int = NOON, worker: AgentId = ME) -> Record:
    """A customer's message."""
    return Record(openid, worker, OperCode.CUSTOMER_SENT, words, at)


def answered(openid: OpenId, words: str = "您好", at: int = NOON, worker: AgentId = ME) -> Record:
    """An agent's message."""
    return Record(openid, worker, OperCode.AGENT_SENT, words, at)


def send(
    number: int,
    openid: OpenId = ANNA,
    state: SendState = SendState.QUEUED,
    *,
    words: str = "您好",
    created: float = NOON,
    started: float | None = None,
    failure: Failure | None = None,
    evidence: bool = False,
) -> OutboxItem:
    """A send of this desk."""
    attempts = 0 if state in (SendState.QUEUED, SendState.CANCELLED) and started is None else 1
    begun = started if started is not None else (created if attempts else None)
    return OutboxItem(
        OutboxId(number), openid, ME, words, created, state, attempts, begun,
        failure=failure, evidence=evidence,
    )  # fmt: skip


def failed(
    category: Category = Category.NETWORK, effect: Effect = Effect.NONE, code: int | None = None
) -> Failure:
    """A failure with words of its own."""
    return Failure(category, text("failure.offline"), effect, code)


def waiting(
    *openids: OpenId, at: int = NOON, started: float | None = None, count: int | None = None
) -> f.WaitingObserved:
    """A reading of the waiting list; everybody wrote at `at`."""
    cases = tuple(ListedCase(openid, at) for openid in openids)
    listed = WaitingList(len(cases) if count is None else count, cases)
    return f.WaitingObserved(listed, at if started is None else started, at, 3.0)


def serving(*openids: OpenId, at: int = NOON, started: float | None = None) -> f.SessionsObserved:
    """A reading of the own sessions."""
    items = tuple(Session(openid, ME, NOON) for openid in openids)
    return f.SessionsObserved(items, at if started is None else started, at, 6.0)


def told(*records: Record, at: int = NOON) -> f.RecordsObserved:
    """New records without digests."""
    return f.RecordsObserved(records, (), at, 3.0)


def accepted(openid: OpenId, at: float = NOON) -> f.CaseAccepted:
    """This desk got a customer."""
    return f.CaseAccepted(Session(openid, ME, int(at)), at)


def loaded(openid: OpenId, *records: Record, items: tuple[OutboxItem, ...] = ()) -> f.ConversationLoaded:
    """What the archive and the outbox hold of a conversation."""
    return f.ConversationLoaded(openid, records, items, frozenset(), reached_start=True)


def after(*facts: f.Fact, state: DeskState | None = None) -> DeskState:
    """The state that these facts lead to; a fresh desk by default."""
    state = DeskState() if state is None else state
    for fact in facts:
        state = reduce(state, fact)
    return state


def moved(item: OutboxItem, to: SendState, **changes: object) -> f.OutboxChanged:
    """The next step of a send."""
    return f.OutboxChanged(replace(item, state=to, **changes))  # type: ignore[arg-type]
