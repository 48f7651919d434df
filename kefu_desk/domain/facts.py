"""Everything that may change the desk's state, one class each, in the past tense."""

from dataclasses import dataclass
from enum import StrEnum

from kefu_desk.domain.agents import AgentAccount, OnlineAgent
from kefu_desk.domain.cases import Session, WaitingList
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.failure import Failure
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import Record, RecordKey
from kefu_desk.domain.outbox import OutboxItem
from kefu_desk.domain.text import Text


class Feed(StrEnum):
    """What the desk reads again and again."""

    WAITING = "waiting"
    SESSIONS = "sessions"
    ONLINE = "online"
    RECORDS = "records"


class Vault(StrEnum):
    """Where the AppSecret is kept."""

    KEYRING = "keyring"
    MEMORY = "memory"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DeskOpened:
    """A profile was opened; `simulated` marks a desk that never talks to WeChat."""

    title: str
    agent: AgentId
    simulated: bool
    vault: Vault
    at: float


@dataclass(frozen=True, slots=True)
class WaitingObserved:
    """The waiting list was read: asked for at Unix second `started`, answered at `at`."""

    waiting: WaitingList
    started: float
    at: float
    period: float


@dataclass(frozen=True, slots=True)
class SessionsObserved:
    """The own sessions were read: asked for at Unix second `started`, answered at `at`."""

    sessions: tuple[Session, ...]
    started: float
    at: float
    period: float


@dataclass(frozen=True, slots=True)
class AgentsObserved:
    """The online agents were read."""

    online: tuple[OnlineAgent, ...]
    at: float
    period: float


@dataclass(frozen=True, slots=True)
class AccountsObserved:
    """The list of agent accounts was read."""

    accounts: tuple[AgentAccount, ...]


@dataclass(frozen=True, slots=True)
class RecordsObserved:
    """The message records up to `at` were read and archived; `new` are those not archived before."""

    new: tuple[Record, ...]
    digests: tuple[tuple[OpenId, Digest], ...]
    at: float
    period: float


@dataclass(frozen=True, slots=True)
class ReadFailed:
    """A reading failed; the next try is at `retry_at`."""

    feed: Feed
    failure: Failure
    at: float
    retry_at: float


@dataclass(frozen=True, slots=True)
class DigestsLoaded:
    """The archive told what it knows about some customers."""

    digests: tuple[tuple[OpenId, Digest], ...]


@dataclass(frozen=True, slots=True)
class ClockCompared:
    """WeChat's clock minus this computer's, in seconds."""

    offset: float


@dataclass(frozen=True, slots=True)
class CallsCounted:
    """How many calls this desk has made today."""

    calls: int


@dataclass(frozen=True, slots=True)
class AcceptStarted:
    """The agent asked for a waiting customer."""

    openid: OpenId


@dataclass(frozen=True, slots=True)
class CaseAccepted:
    """WeChat gave the customer to this agent; known here since Unix second `at`."""

    session: Session
    at: float


@dataclass(frozen=True, slots=True)
class AcceptFailed:
    """WeChat refused, or its answer was lost; `holder` serves the customer now, if known."""

    openid: OpenId
    failure: Failure
    holder: AgentId | None
    at: float


@dataclass(frozen=True, slots=True)
class CloseStarted:
    """The agent asked to end a session."""

    openid: OpenId


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The session has ended."""

    openid: OpenId
    at: float


@dataclass(frozen=True, slots=True)
class CloseFailed:
    """The session could not be ended."""

    openid: OpenId
    failure: Failure


@dataclass(frozen=True, slots=True)
class ConversationOpened:
    """The agent looks at a customer; what the archive holds is on its way."""

    openid: OpenId


@dataclass(frozen=True, slots=True)
class ConversationLoaded:
    """The newest part of a conversation, oldest first, and the sends that belong to it."""

    openid: OpenId
    records: tuple[Record, ...]
    items: tuple[OutboxItem, ...]
    claimed: frozenset[RecordKey]
    reached_start: bool


@dataclass(frozen=True, slots=True)
class ConversationLeft:
    """No conversation is shown any more."""


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """A send was stored or moved on."""

    item: OutboxItem


@dataclass(frozen=True, slots=True)
class OutboxRecovered:
    """The outbox was read at start; sends that were under way are unknown now."""

    items: tuple[OutboxItem, ...]


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """A record of WeChat explains a send of this desk, so that it is not shown twice."""

    item: OutboxItem
    record: RecordKey


@dataclass(frozen=True, slots=True)
class SendRefused:
    """A text was not taken; the composer keeps it."""

    openid: OpenId
    failure: Failure


@dataclass(frozen=True, slots=True)
class DraftsLoaded:
    """Unfinished texts of an earlier run."""

    drafts: tuple[tuple[OpenId, str], ...]


@dataclass(frozen=True, slots=True)
class DraftKept:
    """The unfinished text for a customer; empty when there is none."""

    openid: OpenId
    words: str


@dataclass(frozen=True, slots=True)
class CustomerSeen:
    """The agent has looked at the customer's newest message."""

    openid: OpenId


@dataclass(frozen=True, slots=True)
class NoticeRaised:
    """Something the agent should read once."""

    words: Text
    failure: Failure | None
    at: float


@dataclass(frozen=True, slots=True)
class NoticeDismissed:
    """The agent has read the notice."""

    number: int


@dataclass(frozen=True, slots=True)
class CommandCrashed:
    """A command met a fault of ours; the other chats go on."""

    command: str
    at: float


Fact = (
    DeskOpened
    | WaitingObserved
    | SessionsObserved
    | AgentsObserved
    | AccountsObserved
    | RecordsObserved
    | ReadFailed
    | DigestsLoaded
    | ClockCompared
    | CallsCounted
    | AcceptStarted
    | CaseAccepted
    | AcceptFailed
    | CloseStarted
    | SessionClosed
    | CloseFailed
    | ConversationOpened
    | ConversationLoaded
    | ConversationLeft
    | OutboxChanged
    | OutboxRecovered
    | EvidenceFound
    | SendRefused
    | DraftsLoaded
    | DraftKept
    | CustomerSeen
    | NoticeRaised
    | NoticeDismissed
    | CommandCrashed
)
