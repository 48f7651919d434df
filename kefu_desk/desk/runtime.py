"""The running desk: owns the task group, starts the services and ends them in order."""

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

from msgspec import Struct, field

from kefu_desk.desk.cadence import Cadence
from kefu_desk.desk.commands import Commands, Hurry
from kefu_desk.desk.polling import Poller
from kefu_desk.desk.ports import Archive, Clock, Drafts, Gateway, OutboxStore
from kefu_desk.desk.reconcile import Evidence
from kefu_desk.desk.sender import Sender
from kefu_desk.desk.store import Store
from kefu_desk.desk.sync import RecordSync
from kefu_desk.desk.tasks import CommandRunner
from kefu_desk.domain.facts import DeskOpened, DraftsLoaded, Feed, OutboxRecovered, Vault
from kefu_desk.domain.ids import AgentId

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


class Desk:
    """A desk that can be looked at (`store`), asked (`commands` through `runner`) and run."""

    def __init__(self, world: World, seat: Seat, store: Store | None = None) -> None:
        self.store = store if store is not None else Store()
        self.runner = CommandRunner(self.store, world.clock)
        self._world = world
        self._seat = seat
        self._poller = Poller(
            store=self.store,
            gateway=world.gateway,
            archive=world.archive,
            clock=world.clock,
            cadence=seat.cadence,
            random=world.random,
            agent=seat.agent,
        )
        self._sender = Sender(store=self.store, gateway=world.gateway, outbox=world.outbox, clock=world.clock)
        evidence = Evidence(self.store, world.outbox, seat.agent, self._sender.hurry)
        self._sync = RecordSync(
            store=self.store,
            gateway=world.gateway,
            archive=world.archive,
            evidence=evidence,
            clock=world.clock,
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
            hurry=Hurry(self._poller.hurry, self._sender.hurry),
        )

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
            if self._world.upkeep is not None:
                readers.append(group.create_task(self._world.upkeep(), name="upkeep"))

            def spawn(name: str, lane: Coroutine[Any, Any, None]) -> None:
                lanes.add(task := group.create_task(lane, name=name))
                task.add_done_callback(lanes.discard)

            lanes: set[asyncio.Task[None]] = set()
            sending = group.create_task(self._sender.run(spawn), name="sender")
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
        drafts, items = await asyncio.gather(self._world.drafts.load(), self._world.outbox.recover(now=now))
        self.store.dispatch(DraftsLoaded(tuple(drafts.items())))
        self.store.dispatch(OutboxRecovered(items))

    def _start(self, group: asyncio.TaskGroup, feed: Feed) -> asyncio.Task[None]:
        read = {
            Feed.WAITING: self._poller.read_waiting,
            Feed.SESSIONS: self._poller.read_sessions,
            Feed.ONLINE: self._poller.read_online,
            Feed.RECORDS: self._sync.read,
        }[feed]
        return group.create_task(self._poller.follow(feed, read), name=f"read:{feed}")

    async def _drain(self, sending: asyncio.Task[None], lanes: set[asyncio.Task[None]]) -> None:
        try:
            async with asyncio.timeout(GRACE):
                await self.runner.drain()
                self._sender.stop()
                await sending
                while lanes:
                    await asyncio.wait(tuple(lanes))
        except TimeoutError:
            self.runner.abandon()
            for task in (sending, *lanes):
                task.cancel()
