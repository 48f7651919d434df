"""The running desk: owns the task group, starts the services and ends them in order."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from random import Random
from typing import Any

from msgspec import Struct, field

from kefu_desk.desk.backfill import Backfill
from kefu_desk.desk.bookmark import Bookmark
from kefu_desk.desk.cadence import Cadence
from kefu_desk.desk.commands import Commands
from kefu_desk.desk.guard import SessionGuard
from kefu_desk.desk.hold import Hold
from kefu_desk.desk.indexer import Indexer
from kefu_desk.desk.inquiry import Inquiry
from kefu_desk.desk.intake import Intake
from kefu_desk.desk.meter import Meter
from kefu_desk.desk.parking import Parking
from kefu_desk.desk.polling import Poller
from kefu_desk.desk.ports import Archive, Clock, Drafts, Gateway, OutboxStore
from kefu_desk.desk.reconcile import Evidence
from kefu_desk.desk.replies import Hurry
from kefu_desk.desk.sender import Sender
from kefu_desk.desk.store import Store
from kefu_desk.desk.sync import RecordSync
from kefu_desk.desk.tasks import CommandRunner, Keeper
from kefu_desk.desk.watch import Watch
from kefu_desk.domain.agents import Role
from kefu_desk.domain.facts import DeskOpened, DraftsLoaded, Feed, OutboxRecovered, PolicySet, Vault
from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.guard import SessionClock
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.limits import DEFAULT_RULE, REPLY_SECONDS, ReplyRule
from kefu_desk.domain.messages import Record
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.quota import Path
from kefu_desk.domain.text import text

GRACE = 5.0
GLANCE = 0.03


class World(Struct, frozen=True):
    """What a desk is made of."""

    gateway: Gateway
    archive: Archive
    outbox: OutboxStore
    drafts: Drafts
    clock: Clock
    random: Random
    upkeep: Callable[[], Coroutine[Any, Any, None]] | None = None
    """What goes on beside the desk until it closes, such as back-ups; it is cancelled then."""


class Seat(Struct, frozen=True):
    """Whose desk it is and how eagerly it reads."""

    title: str
    agent: AgentId
    simulated: bool
    vault: Vault
    cadence: Cadence = field(default_factory=Cadence)
    hold: float = 3.0
    rule: ReplyRule = DEFAULT_RULE
    session_clock: SessionClock = SessionClock.CREATED
    role: Role = Role.AGENT
    history_days: int = 30


class Desk:
    """A desk that can be looked at (`store`), asked (`commands` through `runner`) and run."""

    def __init__(self, world: World, seat: Seat, store: Store | None = None) -> None:
        self.store = store if store is not None else Store()
        self.runner = CommandRunner(self.store, world.clock)
        self._keeper = Keeper(self.store, world.clock)
        self._world = world
        self._seat = seat
        self._poller = self._make_poller()
        self._meter, self._watch = self._make_overseers()
        self._sender = Sender(
            store=self.store,
            gateway=world.gateway,
            outbox=world.outbox,
            clock=world.clock,
            random=world.random,
        )
        evidence = Evidence(
            self.store, world.outbox, world.archive, seat.agent, world.clock, self._sender.hurry
        )
        self._hold = Hold(
            store=self.store, outbox=world.outbox, clock=world.clock, released=self._sender.hurry
        )
        self._parking = Parking(store=self.store, outbox=world.outbox, clock=world.clock)
        self._sync, self._backfill = self._make_readers(evidence)
        self._indexer = Indexer(world.archive, world.clock)
        self._inquiry = Inquiry(
            store=self.store,
            gateway=world.gateway,
            outbox=world.outbox,
            clock=world.clock,
            agent=seat.agent,
            look=self._look,
        )
        self.commands = Commands(
            store=self.store,
            gateway=world.gateway,
            archive=world.archive,
            outbox=world.outbox,
            drafts=world.drafts,
            clock=world.clock,
            agent=seat.agent,
            evidence=evidence,
            hold=self._hold,
            hurry=Hurry(
                self._poller.hurry,
                self._sender.hurry,
                self._sender.resume,
                self._inquiry.check,
                self._backfill.want,
            ),
        )

    def _make_poller(self) -> Poller:
        world, seat = self._world, self._seat
        return Poller(
            store=self.store,
            gateway=world.gateway,
            archive=world.archive,
            clock=world.clock,
            cadence=seat.cadence,
            random=world.random,
            agent=seat.agent,
        )

    def _make_overseers(self) -> tuple[Meter, Watch]:
        gateway, clock = self._world.gateway, self._world.clock
        meter = Meter(store=self.store, gateway=gateway, clock=clock, budget=self._poller.budget)
        watch = Watch(
            clock,
            refresh=gateway.refresh_connections,
            woke=self._poller.round,
            look=SessionGuard(self.store, clock).look,
        )
        return meter, watch

    def _make_readers(self, evidence: Evidence) -> tuple[RecordSync, Backfill]:
        world, seat = self._world, self._seat
        bookmark = Bookmark(self.store, world.archive)
        own = None if seat.role is Role.SUPERVISOR else seat.agent
        sync = RecordSync(
            store=self.store,
            gateway=world.gateway,
            clock=world.clock,
            intake=Intake(world.archive, evidence, own),
            bookmark=bookmark,
        )
        backfill = Backfill(
            store=self.store,
            gateway=world.gateway,
            clock=world.clock,
            intake=Intake(world.archive, evidence, own),
            bookmark=bookmark,
            history_days=seat.history_days,
            wait=lambda: self._poller.budget.wait(Path.RECORDS),
            met=partial(self._poller.met, Path.RECORDS),
        )
        return sync, backfill

    async def _look(self, start: int, end: int) -> Sequence[Record]:
        """Looks through the records of a period, unless WeChat has said that it will not show them today."""
        if self._poller.budget.barred(Path.RECORDS):
            raise DeskError(Failure(Category.QUOTA, text("failure.quota")))
        try:
            return await self._sync.look(start, end)
        except DeskError as error:
            self._poller.met(Path.RECORDS, error.failure)
            raise

    async def run(self, closing: asyncio.Event, show: Callable[[], object] | None = None) -> None:
        """Serves until `closing` is set; then refuses commands, stops reading and lets sends finish.

        `show` is called once: when the queue has been read, or a glance later where that takes longer; so a
        window over a quick server is painted once, and over a slow one at once.

        Sends that do not finish within five seconds stay in the outbox as sending; the next start calls
        them unknown.
        """
        await self._open()
        async with asyncio.TaskGroup() as group:
            self.runner.attach(group)
            readers = [self._start(group, feed) for feed in Feed]
            services = (self._hold, self._inquiry, self._parking, self._backfill, self._meter, self._watch)
            for service in (*services, self._indexer):
                name = type(service).__name__.lower()
                readers.append(group.create_task(self._keeper.keep(name, service.run), name=name))
            if self._world.upkeep is not None:
                readers.append(group.create_task(self._world.upkeep(), name="upkeep"))

            def spawn(name: str, lane: Coroutine[Any, Any, None]) -> None:
                lanes.add(task := group.create_task(lane, name=name))
                task.add_done_callback(lanes.discard)

            lanes: set[asyncio.Task[None]] = set()
            sending = group.create_task(
                self._keeper.keep("sender", partial(self._sender.run, spawn)), name="sender"
            )
            if show is not None:
                await self._world.clock.pause(GLANCE, self._poller.queue_read)
                show()
            await closing.wait()
            self.runner.close()
            for reader in readers:
                reader.cancel()
            await self._drain(sending, lanes)

    async def _open(self) -> None:
        seat, now = self._seat, self._world.clock.now()
        self.store.dispatch(DeskOpened(seat.title, seat.agent, seat.simulated, seat.vault, now))
        self.store.dispatch(PolicySet(seat.hold, seat.rule, seat.session_clock))
        recovered = self._world.outbox.recover(now=now, since=now - REPLY_SECONDS)
        drafts, items = await asyncio.gather(self._world.drafts.load(), recovered)
        self.store.dispatch(DraftsLoaded(tuple(drafts.items())))
        self.store.dispatch(OutboxRecovered(items))
        for item in items:
            if item.state is SendState.HELD:
                self._hold.keep(item, seat.hold)

    def _start(self, group: asyncio.TaskGroup, feed: Feed) -> asyncio.Task[None]:
        read = {
            Feed.WAITING: self._poller.read_waiting,
            Feed.SESSIONS: self._poller.read_sessions,
            Feed.ONLINE: self._poller.read_online,
            Feed.RECORDS: self._sync.read,
        }[feed]
        name = f"read:{feed}"
        return group.create_task(self._keeper.keep(name, partial(self._poller.follow, feed, read)), name=name)

    async def _drain(self, sending: asyncio.Task[None], lanes: set[asyncio.Task[None]]) -> None:
        try:
            async with asyncio.timeout(GRACE):
                await self.runner.drain()
                await self._hold.release()
                self._sender.stop()
                await sending
                while lanes:
                    await asyncio.wait(tuple(lanes))
        except TimeoutError:
            self.runner.abandon()
            for task in (sending, *lanes):
                task.cancel()
