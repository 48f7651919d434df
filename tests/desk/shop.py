"""A shop to test with: the simulator's world, the desk that serves it, and hands to move both."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar

import httpx

from kefu_desk.app.compose import Connection, Means, open_desk
from kefu_desk.desk.commands import Commands
from kefu_desk.desk.runtime import Desk
from kefu_desk.domain.facts import Fact, Vault
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.scenario import DEMO_AGENT, scenario
from kefu_desk.simulator.traffic import Delivery
from tests.desk.virtual_time import VirtualClock

ME = AgentId(DEMO_AGENT)
COLLEAGUE = "kf2002@luye"
SEND = "custom/send"

FactKind = TypeVar("FactKind")


@dataclass
class Running:
    """A desk at work, with everything it has said."""

    desk: Desk
    task: "asyncio.Task[None]"
    closing: asyncio.Event
    facts: list[Fact] = field(default_factory=list)

    @property
    def state(self) -> DeskState:
        return self.desk.store.state

    @property
    def commands(self) -> Commands:
        return self.desk.commands

    def of(self, kind: type[FactKind]) -> list[FactKind]:
        """All facts of a kind so far."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    async def until(
        self, holds: Callable[[DeskState], object], within: float = 60.0, what: str = ""
    ) -> DeskState:
        """Waits until the state is such; fails after `within` virtual seconds."""
        moved = asyncio.Event()
        leave = self.desk.store.listen(lambda _: moved.set())
        try:
            async with asyncio.timeout(within):
                while not holds(self.state):
                    moved.clear()
                    await moved.wait()
        except TimeoutError:
            raise AssertionError(f"not within {within:g} s: {what or holds}; {self.state}") from None
        finally:
            leave()
        return self.state

    async def settled(self, number: int, state: SendState, within: float = 60.0) -> OutboxItem:
        """Waits until a send of the open conversation has come to a state."""
        await self.until(lambda _: (i := self.item(number)) and i.state is state, within, f"{number} {state}")
        item = self.item(number)
        assert item is not None
        return item

    def item(self, number: int) -> OutboxItem | None:
        """A send, as the open conversation or the outbox tells it."""
        talk = self.state.conversation
        items = (*(talk.items if talk is not None else ()), *self.state.outbox)
        return next((item for item in items if item.id == number), None)


def is_open(state: DeskState) -> bool:
    """The desk is at work, whatever it may have read."""
    return state.identity.opened_at is not None


def is_complete(state: DeskState) -> bool:
    """Everything has been read once."""
    return all(health.last_success is not None for _, health in state.link.feeds)


class Shop:
    """A quiet world in virtual time, and desks on the files in one folder."""

    def __init__(self, folder: Path, *, ahead: float = 0.0, hold: float = 0.0) -> None:
        self.folder = folder
        self.hold = hold
        self.clock = VirtualClock(ahead)
        self._truth = VirtualClock()
        self.world = scenario("quiet", seed=1, now=self._truth.now())
        app = create_app(self.world, clock=self._truth.now, sleep=asyncio.sleep)
        self.transport: httpx.AsyncBaseTransport = httpx.ASGITransport(app=app)

    def connection(self) -> Connection:
        account = self.world.account
        return Connection(
            title=account.name,
            appid=account.appid,
            agent=ME,
            reveal=lambda: account.secret,
            vault=Vault.NONE,
            transport=self.transport,
            hold=self.hold,
        )

    @asynccontextmanager
    async def desk(self, ready: Callable[[DeskState], object] = is_complete) -> AsyncIterator[Running]:
        """A desk that runs until the end of the block and then closes as the program does."""
        means = Means(self.clock, Random(1))
        async with open_desk(self.connection(), self.folder, means) as desk:
            closing = asyncio.Event()
            facts: list[Fact] = []
            desk.store.listen(facts.append)
            running = Running(desk, asyncio.create_task(desk.run(closing)), closing, facts)
            try:
                await running.until(ready)
                yield running
            finally:
                closing.set()
                await running.task

    def sleeps(self, seconds: float) -> None:
        """The computer sleeps: the world goes on, and so does its wall clock; its monotonic one does not."""
        self.clock.jump(seconds)
        self._truth.jump(seconds)

    def now(self) -> float:
        """The world brought to this moment."""
        self.world.advance(self._truth.now())
        return self.world.now

    def customer(self, words: str = "在吗？") -> OpenId:
        """A new customer who writes and waits."""
        self.now()
        openid = self.world.add_customer().openid
        self.world.customer_says(openid, words)
        return OpenId(openid)

    def says(self, openid: str, words: str, kind: str = "text") -> None:
        """A customer writes now."""
        self.now()
        self.world.customer_says(openid, words, kind=kind)

    def served(self, words: str = "在吗？") -> OpenId:
        """A new customer in a session with this agent."""
        openid = self.customer()
        self.world.open_session(openid, DEMO_AGENT)
        self.world.customer_says(openid, words)
        return openid

    def ledger(self, openid: str) -> list[Delivery]:
        """What the customer's phone received."""
        return [delivery for delivery in self.world.ledger if delivery.openid == openid]

    def calls(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(path in call.path for call in self.world.calls)


async def passes(seconds: float) -> None:
    """Virtual seconds."""
    await asyncio.sleep(seconds)


async def all_of(*commands: Awaitable[object]) -> None:
    """Several commands at once."""
    await asyncio.gather(*commands)
