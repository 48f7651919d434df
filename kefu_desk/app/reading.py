"""A desk that only shows what its files hold: nothing is asked of WeChat, sent or written (F-S14)."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import NoReturn

from kefu_desk.app.clock import SystemClock
from kefu_desk.app.files import Files
from kefu_desk.desk.runtime import Desk, Seat, World
from kefu_desk.desk.store import Store
from kefu_desk.domain.agents import AgentAccount, OnlineAgent
from kefu_desk.domain.calibration import Calibration
from kefu_desk.domain.cases import Session, WaitingList
from kefu_desk.domain.coverage import Span
from kefu_desk.domain.facts import StorageTroubled, Vault
from kefu_desk.domain.failure import DeskError, Failure
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import Record, RecordKey
from kefu_desk.domain.outbox import OutboxItem
from kefu_desk.domain.quota import DailyQuota, Path
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.database import Database
from kefu_desk.storage.drafts import SqliteDrafts
from kefu_desk.storage.outbox import SqliteOutbox
from kefu_desk.storage.shelf import newest_conversations

SHOWN = 200


class NoMeter:
    """Tells nothing about a line that is not there."""

    async def quota(self, _path: Path) -> DailyQuota | None:
        """Not told."""
        return None

    async def refresh_connections(self) -> None:
        """There are none."""

    def calls_of(self, _path: Path) -> int:
        """None is made."""
        return 0

    def calls_made(self) -> int:
        """None is made."""
        return 0

    def odd_rows(self) -> int:
        """None is read."""
        return 0

    def clock_offset(self) -> float | None:
        """Not known."""
        return None


class NoGateway(NoMeter):
    """Stands in for WeChat: lists the conversations of the archive as sessions, and refuses the rest."""

    def __init__(self, archive: Database, why: Failure) -> None:
        self._archive = archive
        self._why = why

    async def sessions(self, agent: AgentId) -> tuple[Session, ...]:
        """The newest conversations of the archive."""
        found = await newest_conversations(self._archive, SHOWN)
        return tuple(Session(openid, agent, last) for openid, last in found)

    async def session_of(self, _openid: OpenId) -> Session | None:
        """Nobody is known to serve anybody."""
        return None

    async def waiting_cases(self) -> WaitingList:
        """Refused."""
        self._refuse()

    async def online_agents(self) -> tuple[OnlineAgent, ...]:
        """Refused."""
        self._refuse()

    async def agent_accounts(self) -> tuple[AgentAccount, ...]:
        """Refused."""
        self._refuse()

    async def create_session(self, _openid: OpenId, _agent: AgentId) -> None:
        """Refused."""
        self._refuse()

    async def close_session(self, _openid: OpenId, _agent: AgentId) -> None:
        """Refused."""
        self._refuse()

    async def send_text(self, _openid: OpenId, _text: str, _agent: AgentId) -> None:
        """Refused."""
        self._refuse()

    async def records(self, _start: int, _end: int) -> tuple[Record, ...]:
        """Refused."""
        self._refuse()

    def record_pages(self, _start: int, _end: int) -> AsyncIterator[tuple[Record, ...]]:
        """Refused."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise DeskError(self._why)


class ArchiveToRead(SqliteArchive):
    """An archive that takes nothing and says so to nobody; what was read completely stays unknown."""

    async def add(self, _records: Sequence[Record], *, own: AgentId | None = None) -> tuple[Record, ...]:  # noqa: ARG002  the promise of Archive
        """Stores nothing."""
        return ()

    async def cover(self, _span: Span) -> None:
        """Remembers nothing."""

    async def rebuild_index(self, _limit: int = 0) -> bool:
        """Indexes nothing."""
        return False


class OutboxToRead(SqliteOutbox):
    """An outbox as it lies there; nothing of it is shown as open, for nothing can become of it."""

    async def recover(self, *, now: float, since: float) -> tuple[OutboxItem, ...]:  # noqa: ARG002  the promise of OutboxStore
        """Leaves everything as it is."""
        return ()

    async def calibration(self, *, now: float) -> Calibration:  # noqa: ARG002  the promise of OutboxStore
        """Nothing is learned."""
        return Calibration()

    async def of_customer(self, openid: OpenId, limit: int) -> tuple[OutboxItem, ...]:
        """What was sent, as far as it can be read."""
        try:
            return await super().of_customer(openid, limit)
        except DeskError:
            return ()

    async def unclaimed(self, _openids: Iterable[OpenId]) -> tuple[OutboxItem, ...]:
        """Nothing waits for a record."""
        return ()

    async def claimed_records(self, openid: OpenId) -> frozenset[RecordKey]:
        """The records of own sends, as far as they can be read."""
        try:
            return await super().claimed_records(openid)
        except DeskError:
            return frozenset()


class DraftsToRead(SqliteDrafts):
    """Drafts that stay as they are."""

    async def load(self) -> dict[OpenId, str]:
        """All drafts, as far as they can be read."""
        try:
            return await super().load()
        except DeskError:
            return {}

    async def keep(self, _openid: OpenId, _words: str) -> None:
        """Keeps nothing."""


@asynccontextmanager
async def open_reading_desk(files: Files, title: str, agent: AgentId, why: Failure) -> AsyncIterator[Desk]:
    """A desk on files that were opened to be read only; `why` stands over each conversation."""
    store, clock = Store(), SystemClock()
    store.dispatch(StorageTroubled(why))
    world = World(
        gateway=NoGateway(files.archive, why),
        archive=ArchiveToRead(files.archive),
        outbox=OutboxToRead(files.outbox),
        drafts=DraftsToRead(files.outbox),
        clock=clock,
        random=Random(),  # noqa: S311  spreads readings of a file
    )
    yield Desk(world, Seat(title, agent, simulated=False, vault=Vault.NONE), store)
