"""What the desk knows, as one immutable value; slices are compared by identity."""

from msgspec import Struct, field

from kefu_desk.domain.agents import AgentAccount, OnlineAgent, Presence
from kefu_desk.domain.calibration import Calibration
from kefu_desk.domain.cases import Session, WaitingCase
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.facts import Feed, Vault
from kefu_desk.domain.failure import Failure
from kefu_desk.domain.guard import SessionClock
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId
from kefu_desk.domain.limits import ReplyRule
from kefu_desk.domain.messages import Record, RecordKey
from kefu_desk.domain.outbox import OutboxItem
from kefu_desk.domain.quota import PathUse
from kefu_desk.domain.reading import Coverage
from kefu_desk.domain.text import Text


class Identity(Struct, frozen=True):
    """Whose desk this is."""

    title: str = ""
    agent: AgentId | None = None
    simulated: bool = False
    vault: Vault = Vault.NONE
    opened_at: float | None = None


class FeedHealth(Struct, frozen=True):
    """How fresh one reading is; times in Unix seconds, `period` in seconds."""

    last_success: float | None = None
    period: float = 0.0
    failure: Failure | None = None
    failing_since: float | None = None
    retry_at: float | None = None


class Link(Struct, frozen=True):
    """The health of every reading, and what the replies say about clock and quota."""

    feeds: tuple[tuple[Feed, FeedHealth], ...] = tuple((feed, FeedHealth()) for feed in Feed)
    clock_offset: float | None = None
    calls: int = 0
    odd_rows: int = 0
    quotas: tuple[PathUse, ...] = ()

    def health(self, feed: Feed) -> FeedHealth:
        """The health of one reading."""
        return dict(self.feeds)[feed]


class Taken(Struct, frozen=True):
    """A waiting customer whom somebody else got first; the row is kept a moment so that it can be read."""

    case: WaitingCase
    index: int
    holder: AgentId | None
    at: float


class Queue(Struct, frozen=True):
    """Who waits. `known` is False until the first reading; `count` may exceed the listed cases."""

    known: bool = False
    count: int = 0
    cases: tuple[WaitingCase, ...] = ()
    accepting: frozenset[OpenId] = frozenset()
    taken: tuple[Taken, ...] = ()
    last_waiting_at: float | None = None


class Sessions(Struct, frozen=True):
    """The own sessions.

    `accepted` and `closed` remember when this desk changed the list itself, so that a reading that was
    under way at that moment cannot undo it. `missed` were not in the last reading although they had been
    before: half a reply of WeChat looks the same, so it has to come twice to be believed.
    """

    known: bool = False
    items: tuple[Session, ...] = ()
    closing: frozenset[OpenId] = frozenset()
    accepted: tuple[tuple[OpenId, float], ...] = ()
    closed: tuple[tuple[OpenId, float], ...] = ()
    missed: frozenset[OpenId] = frozenset()


class Agents(Struct, frozen=True):
    """Agent accounts and who of them is online; `presence` is the own one.

    `emptied` says that the last reading listed nobody where there had been somebody; it has to come twice.
    """

    known: bool = False
    online: tuple[OnlineAgent, ...] = ()
    accounts: tuple[AgentAccount, ...] = ()
    presence: Presence = Presence.UNKNOWN
    emptied: bool = False


class Conversation(Struct, frozen=True):
    """The conversation on screen: the newest records, oldest first, and the sends that belong to it.

    `unread` is how many customer messages were unread when it was opened, and `new_from` the first of them;
    `opened` counts openings, so that a face can tell a new visit from a refresh.
    """

    openid: OpenId
    loaded: bool = False
    records: tuple[Record, ...] = ()
    items: tuple[OutboxItem, ...] = ()
    claimed: frozenset[RecordKey] = frozenset()
    reached_start: bool = False
    unread: int = 0
    opened: int = 0
    new_from: RecordKey | None = None


class Policy(Struct, frozen=True):
    """What was chosen: seconds that a line is held, 0 for none, the rule of replies, the session clock."""

    hold: float = 3.0
    rule: ReplyRule = ReplyRule()
    clock: SessionClock = SessionClock.CREATED


class Refusal(Struct, frozen=True):
    """WeChat refused a customer at this second of its own clock; it counts until the customer writes."""

    at: float
    failure: Failure


class SendingPause(Struct, frozen=True):
    """No send leaves until this Unix second, because WeChat would refuse them all."""

    until: float
    failure: Failure


class Lookup(Struct, frozen=True):
    """What looking for a send of unknown outcome in WeChat's records has shown so far.

    `found` counts own records of the period, `near` is the one most like the send, `failed` tells that the
    newest look was not answered. `at` in Unix seconds.
    """

    number: OutboxId
    at: float
    looks: int
    found: int = 0
    near: str = ""
    failed: bool = False


class Notice(Struct, frozen=True):
    """Something to be read once."""

    number: int
    words: Text
    failure: Failure | None
    at: float


class DeskState(Struct, frozen=True):
    """Everything a face of the desk may show.

    `unexplained` holds, by customer, the sends that WeChat accepted but that no record shows yet. `held` is
    the Unix second at which a held send goes; `refusals` who cannot be written to until they write.
    """

    identity: Identity = Identity()
    link: Link = Link()
    queue: Queue = Queue()
    sessions: Sessions = Sessions()
    agents: Agents = Agents()
    conversation: Conversation | None = None
    outbox: tuple[OutboxItem, ...] = ()
    digests: dict[OpenId, Digest] = field(default_factory=dict)
    drafts: dict[OpenId, str] = field(default_factory=dict)
    unexplained: dict[OpenId, tuple[OutboxItem, ...]] = field(default_factory=dict)
    unread: dict[OpenId, int] = field(default_factory=dict)
    refusal: tuple[OpenId, Failure] | None = None
    notices: tuple[Notice, ...] = ()
    notice_count: int = 0
    openings: int = 0
    policy: Policy = Policy()
    held: dict[OutboxId, float] = field(default_factory=dict)
    refusals: dict[OpenId, Refusal] = field(default_factory=dict)
    pause: SendingPause | None = None
    lookups: dict[OutboxId, Lookup] = field(default_factory=dict)
    calibration: Calibration = Calibration()
    coverage: Coverage | None = None
    storage: Failure | None = None
