"""Builds a desk from its parts: the window, the command line and the tests all call `open_desk`."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import httpx
from msgspec import Struct, field

from kefu_desk.app.clock import SystemClock
from kefu_desk.app.files import Files, open_files
from kefu_desk.app.simulation import SCHEME, Simulation, simulate
from kefu_desk.desk.cadence import Cadence
from kefu_desk.desk.ports import Clock
from kefu_desk.desk.runtime import Desk, Seat, World
from kefu_desk.desk.store import Store
from kefu_desk.domain.agents import Role
from kefu_desk.domain.facts import NoticeRaised, StorageTroubled, Vault
from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.guard import SessionClock
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.limits import DEFAULT_RULE, ReplyRule
from kefu_desk.domain.text import text
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.drafts import SqliteDrafts
from kefu_desk.storage.keeping import Finding
from kefu_desk.storage.lane import Hire, own_thread
from kefu_desk.storage.outbox import SqliteOutbox
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.gateway import WeChatGateway

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
BASE_URL = "https://api.weixin.qq.com"
LIVELY = 1.5
"""Seconds between two readings of a live conversation with the simulator, which nothing limits."""

log = logging.getLogger(__name__)


class Connection(Struct, frozen=True):
    """How to reach one Official Account; `reveal` gives the AppSecret and is never called for display."""

    title: str
    appid: str
    agent: AgentId
    reveal: Callable[[], str]
    base_url: str = BASE_URL
    proxy: str | None = None
    vault: Vault = Vault.KEYRING
    transport: httpx.AsyncBaseTransport | None = None
    poll_seconds: float = Cadence().base
    hold: float = 3.0
    rule: ReplyRule = DEFAULT_RULE
    session_clock: SessionClock = SessionClock.CREATED
    role: Role = Role.AGENT
    history_days: int = 30

    @property
    def simulated(self) -> bool:
        """Whether nobody real can be at the other end."""
        return self.transport is not None or urlsplit(self.base_url).hostname in LOOPBACK


class Means(Struct, frozen=True):
    """What a test may own instead of the computer: time, chance, cadence and the threads of the files."""

    clock: Clock = field(default_factory=SystemClock)
    random: Random = field(default_factory=Random)
    cadence: Cadence = field(default_factory=Cadence)
    hire: Hire = own_thread
    kept: bool = True
    """Whether the files are looked after as those of a profile are."""


def to_simulation(base_url: str, seed: int) -> tuple[Connection, Simulation]:
    """The connection to a scenario inside this process, named by `sim://NAME`."""
    simulation = simulate(base_url.removeprefix(SCHEME), seed)
    account = simulation.world.account
    secret = account.secret
    connection = Connection(
        title=account.name,
        appid=account.appid,
        agent=AgentId(simulation.agent),
        reveal=lambda: secret,
        vault=Vault.NONE,
        transport=simulation.transport,
        role=Role.SUPERVISOR,
        poll_seconds=LIVELY,
    )
    return connection, simulation


@asynccontextmanager
async def open_desk(
    connection: Connection, folder: Path, means: Means | None = None, store: Store | None = None
) -> AsyncIterator[Desk]:
    """A desk on the files in `folder`, ready for `run`; everything is closed in reverse at the end.

    Raises:
        DeskError: when the files cannot be opened or the address cannot be used.
    """
    given = means if means is not None else Means()
    async with (
        open_files(folder, given.hire, kept=given.kept) as files,
        open_desk_on(files, connection, means, store) as desk,
    ):
        yield desk


@asynccontextmanager
async def open_desk_on(
    files: Files, connection: Connection, means: Means | None = None, store: Store | None = None
) -> AsyncIterator[Desk]:
    """A desk on files that are open and stay open.

    Raises:
        DeskError: when the address cannot be used.
    """
    means = means if means is not None else Means(cadence=Cadence(connection.poll_seconds))
    store = store if store is not None else Store()

    def inspected(issuer: str) -> None:
        store.dispatch(NoticeRaised(text("notice.inspected", issuer=issuer), None, means.clock.now()))

    def told(news: Finding | Failure | None) -> None:
        if isinstance(news, Finding):
            log.warning("%s: %s", news.words.key, news.failure.detail)
            store.dispatch(NoticeRaised(news.words, news.failure, means.clock.now()))
        else:
            store.dispatch(StorageTroubled(files.outbox.trouble or files.archive.trouble))

    async def upkeep() -> None:
        from kefu_desk.app.upkeep import keep_up

        await keep_up(files, means.clock)

    files.tell(told)
    async with connect(connection, means, inspected) as wechat:
        world = World(
            gateway=WeChatGateway(wechat),
            archive=SqliteArchive(files.archive),
            outbox=SqliteOutbox(files.outbox),
            drafts=SqliteDrafts(files.outbox),
            clock=means.clock,
            random=means.random,
            upkeep=upkeep if files.kept else None,
        )
        seat = Seat(
            connection.title,
            connection.agent,
            connection.simulated,
            connection.vault,
            means.cadence,
            connection.hold,
            connection.rule,
            connection.session_clock,
            connection.role,
            connection.history_days,
        )
        yield Desk(world, seat, store)


def connect(
    connection: Connection, means: Means | None = None, on_inspection: Callable[[str], None] | None = None
) -> WeChatClient:
    """The client for a connection, to be used as a context manager.

    `on_inspection` is called with the name of somebody who reads along.

    Raises:
        DeskError: when the base address cannot be used.
    """
    means = means if means is not None else Means()
    try:
        return WeChatClient(
            appid=connection.appid,
            secret=connection.reveal,
            base_url=connection.base_url if connection.transport is None else BASE_URL,
            transport=connection.transport,
            proxy=connection.proxy,
            on_inspection=on_inspection,
            clock=means.clock.now,
            monotonic=means.clock.monotonic,
            jitter=means.random.uniform,
        )
    except ValueError as error:
        field, reason = text("profile.field.base_url"), text("profile.problem.address")
        words = text("failure.profile.field", field=field, reason=reason)
        raise DeskError(Failure(Category.REQUEST, words, detail=str(error), subject="base_url")) from error
