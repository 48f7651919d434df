"""Everything that may change the desk's state, one class each, in the past tense.

Structs and not dataclasses: thirty of those cost the start of the program as much as all of its SQLite does.
"""

from enum import StrEnum

from msgspec import Struct

from kefu_desk.domain.agents import AgentAccount, OnlineAgent
from kefu_desk.domain.calibration import Calibration
from kefu_desk.domain.cases import Session, WaitingList
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.failure import Failure
from kefu_desk.domain.guard import SessionClock
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId
from kefu_desk.domain.limits import ReplyRule
from kefu_desk.domain.messages import Record, RecordKey
from kefu_desk.domain.outbox import OutboxItem
from kefu_desk.domain.quota import PathUse
from kefu_desk.domain.reading import Coverage
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


class DeskOpened(Struct, frozen=True):
    """A profile was opened; `simulated` marks a desk that never talks to WeChat."""

    title: str
    agent: AgentId
    simulated: bool
    vault: Vault
    at: float


class WaitingObserved(Struct, frozen=True):
    """The waiting list was read: asked for at Unix second `started`, answered at `at`."""

    waiting: WaitingList
    started: float
    at: float
    period: float


class SessionsObserved(Struct, frozen=True):
    """The own sessions were read: asked for at Unix second `started`, answered at `at`."""

    sessions: tuple[Session, ...]
    started: float
    at: float
    period: float


class AgentsObserved(Struct, frozen=True):
    """The online agents were read."""

    online: tuple[OnlineAgent, ...]
    at: float
    period: float


class AccountsObserved(Struct, frozen=True):
    """The list of agent accounts was read."""

    accounts: tuple[AgentAccount, ...]


class RecordsObserved(Struct, frozen=True):
    """The message records up to `at` were read and archived; `new` are those not archived before."""

    new: tuple[Record, ...]
    digests: tuple[tuple[OpenId, Digest], ...]
    at: float
    period: float


class RecordsFound(Struct, frozen=True):
    """Records of an earlier time were archived; `new` are those not archived before."""

    new: tuple[Record, ...]
    digests: tuple[tuple[OpenId, Digest], ...]


class CoverageTold(Struct, frozen=True):
    """How far the records are read."""

    coverage: Coverage


class ReadFailed(Struct, frozen=True):
    """A reading failed; the next try is at `retry_at`."""

    feed: Feed
    failure: Failure
    at: float
    retry_at: float


class DigestsLoaded(Struct, frozen=True):
    """The archive told what it knows about some customers."""

    digests: tuple[tuple[OpenId, Digest], ...]


class ClockCompared(Struct, frozen=True):
    """WeChat's clock minus this computer's, in seconds."""

    offset: float


class CallsCounted(Struct, frozen=True):
    """How many calls this desk has made today, and how many rows of the answers were odd."""

    calls: int
    odd_rows: int = 0


class QuotasTold(Struct, frozen=True):
    """How many calls of today are used, of each path that is counted."""

    paths: tuple[PathUse, ...]


class WindowShown(Struct, frozen=True):
    """Whether anybody can see the desk: False while its window is minimised or hidden."""

    shown: bool


class AcceptStarted(Struct, frozen=True):
    """The agent asked for a waiting customer."""

    openid: OpenId


class CaseAccepted(Struct, frozen=True):
    """WeChat gave the customer to this agent; known here since Unix second `at`."""

    session: Session
    at: float


class AcceptFailed(Struct, frozen=True):
    """WeChat refused, or its answer was lost; `holder` serves the customer now, if known."""

    openid: OpenId
    failure: Failure
    holder: AgentId | None
    at: float


class CloseStarted(Struct, frozen=True):
    """The agent asked to end a session."""

    openid: OpenId


class SessionClosed(Struct, frozen=True):
    """The session has ended."""

    openid: OpenId
    at: float


class CloseFailed(Struct, frozen=True):
    """The session could not be ended."""

    openid: OpenId
    failure: Failure


class ConversationOpened(Struct, frozen=True):
    """The agent looks at a customer; what the archive holds is on its way."""

    openid: OpenId


class ConversationLoaded(Struct, frozen=True):
    """The newest part of a conversation, oldest first, and the sends that belong to it."""

    openid: OpenId
    records: tuple[Record, ...]
    items: tuple[OutboxItem, ...]
    claimed: frozenset[RecordKey]
    reached_start: bool


class OutboxChanged(Struct, frozen=True):
    """A send was stored or moved on."""

    item: OutboxItem


class OutboxRecovered(Struct, frozen=True):
    """The outbox was read at start; sends that were under way are unknown now."""

    items: tuple[OutboxItem, ...]


class EvidenceFound(Struct, frozen=True):
    """A record of WeChat explains a send of this desk, so that it is neither shown nor counted twice.

    `digest` is what the archive says of the customer, this record included.
    """

    item: OutboxItem
    record: RecordKey
    digest: Digest | None = None


class PolicySet(Struct, frozen=True):
    """How long a sent line is held, in seconds, what a message allows, and what the half hour counts from."""

    hold: float
    rule: ReplyRule
    clock: SessionClock = SessionClock.CREATED


class ReplyTaken(Struct, frozen=True):
    """A text that the agent wrote is in the outbox now, by itself or joined to another."""

    openid: OpenId
    words: str


class SendHeld(Struct, frozen=True):
    """A send goes at Unix second `due` unless it is taken back or joined before."""

    number: OutboxId
    due: float


class WordsReturned(Struct, frozen=True):
    """Texts that did not go out are in the draft again; `words` are those that came back."""

    openid: OpenId
    words: str
    draft: str


class SendingPaused(Struct, frozen=True):
    """WeChat would refuse every send until Unix second `until`."""

    failure: Failure
    until: float


class SendingResumed(Struct, frozen=True):
    """Sends leave again."""


class LookedUp(Struct, frozen=True):
    """WeChat's records were searched for a send of unknown outcome, at Unix second `at`.

    `found` counts own records of the period, `near` is the one most like the send. None: no answer.
    """

    number: OutboxId
    at: float
    found: int | None
    near: str = ""


class Calibrated(Struct, frozen=True):
    """What the records show of own sends was learned anew."""

    calibration: Calibration


class SendRefused(Struct, frozen=True):
    """A text was not taken; the composer keeps it."""

    openid: OpenId
    failure: Failure


class DraftsLoaded(Struct, frozen=True):
    """Unfinished texts of an earlier run."""

    drafts: tuple[tuple[OpenId, str], ...]


class DraftKept(Struct, frozen=True):
    """The unfinished text for a customer; empty when there is none."""

    openid: OpenId
    words: str


class CustomerSeen(Struct, frozen=True):
    """The agent has looked at the customer's newest message."""

    openid: OpenId


class StorageTroubled(Struct, frozen=True):
    """Writing to the files of this desk fails for this reason, or works again when there is none."""

    failure: Failure | None


class NoticeRaised(Struct, frozen=True):
    """Something the agent should read once."""

    words: Text
    failure: Failure | None
    at: float


class NoticeDismissed(Struct, frozen=True):
    """The agent has read the notice."""

    number: int


class CommandCrashed(Struct, frozen=True):
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
    | RecordsFound
    | CoverageTold
    | ReadFailed
    | DigestsLoaded
    | ClockCompared
    | CallsCounted
    | QuotasTold
    | WindowShown
    | AcceptStarted
    | CaseAccepted
    | AcceptFailed
    | CloseStarted
    | SessionClosed
    | CloseFailed
    | ConversationOpened
    | ConversationLoaded
    | OutboxChanged
    | OutboxRecovered
    | EvidenceFound
    | PolicySet
    | ReplyTaken
    | SendHeld
    | WordsReturned
    | SendingPaused
    | SendingResumed
    | LookedUp
    | Calibrated
    | SendRefused
    | DraftsLoaded
    | DraftKept
    | CustomerSeen
    | StorageTroubled
    | NoticeRaised
    | NoticeDismissed
    | CommandCrashed
)
