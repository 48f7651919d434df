"""What the desk needs from the world, so that anything which keeps these promises can stand in."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Protocol

from kefu_desk.domain.agents import AgentAccount, OnlineAgent
from kefu_desk.domain.calibration import Calibration
from kefu_desk.domain.cases import Session, WaitingList
from kefu_desk.domain.coverage import Span
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.failure import Failure
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId
from kefu_desk.domain.messages import Record, RecordKey
from kefu_desk.domain.outbox import Decision, OutboxItem, SendState
from kefu_desk.domain.quota import DailyQuota, Path
from kefu_desk.domain.search import Search


class Meter(Protocol):
    """What the line to WeChat tells about itself."""

    async def quota(self, path: Path) -> DailyQuota | None:
        """How often a path may be and was called today, or None when WeChat does not tell now."""

    async def refresh_connections(self) -> None:
        """Opens new connections from now on; for a computer that has slept."""

    def calls_of(self, path: Path) -> int:
        """Calls of one path since the program started."""

    def calls_made(self) -> int:
        """Calls since the program started."""

    def clock_offset(self) -> float | None:
        """WeChat's clock minus ours in seconds, or None before the first reply."""


class Gateway(Meter, Protocol):
    """WeChat. Every method raises only `DeskError`, whose failure tells whether there may be an effect."""

    def odd_rows(self) -> int:
        """Rows of answers that made no sense or had to be mended, since the program started."""

    async def waiting_cases(self) -> WaitingList:
        """Who is waiting, in order of arrival, at most 100 listed."""

    async def sessions(self, agent: AgentId) -> tuple[Session, ...]:
        """The sessions of one agent account."""

    async def session_of(self, openid: OpenId) -> Session | None:
        """Who serves a customer, or None."""

    async def online_agents(self) -> tuple[OnlineAgent, ...]:
        """The agents who are logged in to WeChat's client."""

    async def agent_accounts(self) -> tuple[AgentAccount, ...]:
        """All agent accounts."""

    async def create_session(self, openid: OpenId, agent: AgentId) -> None:
        """Gives a customer to an agent; harmless to repeat for the same pair."""

    async def close_session(self, openid: OpenId, agent: AgentId) -> None:
        """Ends the session of that pair."""

    def record_pages(self, start: int, end: int) -> AsyncIterator[tuple[Record, ...]]:
        """The records with start <= time <= end (Unix seconds), numbered, a thousand or fewer at a time.

        A record may be told twice, with the same number. When the pages end without an error, all were told.
        """

    async def records(self, start: int, end: int) -> tuple[Record, ...]:
        """All records with start <= time <= end (Unix seconds), numbered, oldest first."""

    async def send_text(self, openid: OpenId, text: str, agent: AgentId) -> None:
        """One attempt to send; never repeated inside."""


class Archive(Protocol):
    """The records of all conversations. Raises `DeskError` with category STORAGE."""

    async def add(self, records: Sequence[Record], *, own: AgentId | None = None) -> tuple[Record, ...]:
        """Stores numbered records once each and returns those that were new, in the given order.

        With `own` only conversations in which that agent took part: the customer is known here already, or
        a given record of the customer is that agent's; then all records of the customer are stored.
        """

    async def latest(self, openid: OpenId, limit: int) -> tuple[Record, ...]:
        """The newest records of a conversation, oldest first."""

    async def earlier(self, openid: OpenId, before: RecordKey, limit: int) -> tuple[Record, ...]:
        """The newest records of a conversation that are older than `before`, oldest first."""

    async def covered(self) -> tuple[Span, ...]:
        """What was read completely, oldest first; spans neither meet nor overlap."""

    async def cover(self, span: Span) -> None:
        """Remembers that the records of a span were read completely; on disk when this returns."""

    async def search(self, query: Search) -> tuple[Record, ...]:
        """The newest records whose text contains the words, newest first."""

    async def rebuild_index(self) -> bool:
        """Indexes some records that the search still has to look at one by one; whether there are more."""

    async def digests(self, openids: Iterable[OpenId]) -> dict[OpenId, Digest]:
        """One line about each customer; a customer never seen has an empty digest."""


class OutboxStore(Protocol):
    """Sends, durable before they are shown. Raises `DeskError` with category STORAGE."""

    async def enqueue(
        self,
        openid: OpenId,
        agent: AgentId,
        text: str,
        *,
        now: float,
        parent: OutboxId | None = None,
        state: SendState = SendState.QUEUED,
    ) -> OutboxItem:
        """Stores a new send and in the same step settles its parent; on disk when this returns."""

    async def join(self, item: OutboxId, words: str) -> OutboxItem:
        """Adds a line to a send that is still held."""

    async def take_back(self, items: Iterable[OutboxId], *, now: float) -> tuple[tuple[OutboxItem, ...], str]:
        """Puts the words of a customer's sends behind the draft and settles them; also tells the draft."""

    async def move(
        self,
        item: OutboxId,
        to: SendState,
        *,
        now: float,
        failure: Failure | None = None,
        decision: Decision | None = None,
    ) -> OutboxItem:
        """Makes one legal step durable; `to=SENDING` counts an attempt and sets the start time."""

    async def refuse(self, item: OutboxId, failure: Failure, *, now: float) -> tuple[OutboxItem, ...]:
        """A send failed because of its customer; what waits behind it is parked in the same step."""

    async def ask(self, item: OutboxId, *, now: float) -> OutboxItem:
        """Remembers that the agent was asked about a send of unknown outcome."""

    async def claim(self, item: OutboxId, record: RecordKey, *, now: float | None) -> OutboxItem:
        """Ties a record to a send so that both are shown as one; an unknown send becomes sent.

        `now` is when the record was first seen, None when nobody had looked for a while.
        """

    async def recover(self, *, now: float, since: float) -> tuple[OutboxItem, ...]:
        """At start: turns sending into unknown; all open items and what since then still matters."""

    async def calibration(self, *, now: float) -> Calibration:
        """What the records have shown so far of sends that WeChat had accepted."""

    async def of_number(self, item: OutboxId) -> OutboxItem:
        """One send."""

    async def of_customer(self, openid: OpenId, limit: int) -> tuple[OutboxItem, ...]:
        """The newest sends to a customer, oldest first."""

    async def unclaimed(self, openids: Iterable[OpenId]) -> tuple[OutboxItem, ...]:
        """What may have reached these customers and has no record yet: sent, sending, unknown or resolved."""

    async def claimed_records(self, openid: OpenId) -> frozenset[RecordKey]:
        """The records that sends of this desk already explain."""


class Drafts(Protocol):
    """Unfinished texts."""

    async def load(self) -> dict[OpenId, str]:
        """All drafts."""

    async def keep(self, openid: OpenId, words: str) -> None:
        """Stores a draft, or forgets it when empty."""


class Clock(Protocol):
    """Time, so that a test can own it."""

    def now(self) -> float:
        """Unix seconds."""

    def monotonic(self) -> float:
        """Seconds that never go back."""

    async def pause(self, seconds: float, wake: asyncio.Event) -> None:
        """Waits about that long or until `wake` is set; the caller looks at the clock again."""
