"""One desk of the simulation through all its lives: it is started, killed, put to sleep and started again."""

import asyncio
import random
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from kefu_desk.app.compose import Connection, Means, open_desk
from kefu_desk.desk.commands import Commands
from kefu_desk.desk.runtime import Desk
from kefu_desk.domain.agents import Role
from kefu_desk.domain.facts import Fact, SessionsObserved, Vault
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.outbox import OutboxItem
from kefu_desk.domain.state import DeskState
from tests.simulation.disk import pull_the_plug
from tests.simulation.network import Wire
from tests.simulation.process import Process
from tests.simulation.town import Town
from tests.simulation.weather import Weather

TICK = 0.001
"""No timer of a real computer is finer; without it a wait for the last digit of a number would never end."""


class DeskClock:
    """What a computer believes of the time: its wall clock may be wrong, and it sleeps."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.ahead = 0.0

    def now(self) -> float:
        return self._town.now() + self.ahead

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def pause(self, seconds: float, wake: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(max(seconds, TICK)):
                await wake.wait()
        except TimeoutError:
            return


class DeskUnderTest:
    """A desk and the files it leaves from one life to the next."""

    def __init__(self, name: str, agent: str, folder: Path, town: Town, weather: Weather, seed: int) -> None:
        self.name = name
        self.agent = agent
        self._root = folder
        self._life = 0
        self._town = town
        self._weather = weather
        self._rng = random.Random(f"{seed} {name}")
        self._seed = seed
        self.clock = DeskClock(town)
        self.process: Process | None = None
        self.wire: Wire | None = None
        self.desk: Desk | None = None
        self.up_since = 0.0
        self.crashes = 0
        self._readings = 0
        self._closing = asyncio.Event()

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._root / self.name

    @property
    def awake(self) -> bool:
        """Whether there is a desk to work at."""
        return self.desk is not None and self.process is not None and not self.process.dead

    @property
    def state(self) -> DeskState:
        assert self.desk is not None
        return self.desk.store.state

    @property
    def commands(self) -> Commands:
        assert self.desk is not None
        return self.desk.commands

    def claims(self) -> tuple[frozenset[str], int]:
        """The customers that this desk takes for its own, and how often it has read them in this life."""
        return frozenset(session.openid for session in self.state.sessions.items), self._readings

    def ask(self, name: str, command: Coroutine[Any, Any, Any]) -> None:
        """Gives the desk a command as a window does."""
        assert self.desk is not None
        assert self.process is not None
        self._town.note(f"person {self.name}", name)
        self.process.inside(self.desk.runner.start, name, command)

    def send(self, openid: str, words: str) -> None:
        """The person presses Enter."""
        self._town.oracle.book(self.name).asked.add((openid, words))
        self.ask(f"sends {words!r} to {openid[-4:]}", self.commands.send_text(openid, words))  # type: ignore[arg-type]

    def park(self, openid: str, words: str) -> None:
        """The person keeps a reply for later."""
        self._town.oracle.book(self.name).asked.add((openid, words))
        self.ask(f"parks {words!r} for {openid[-4:]}", self.commands.park(openid, words))  # type: ignore[arg-type]

    async def live(self) -> None:
        """One life after the other, until cancelled."""
        while True:
            await self._one_life()
            if self._closing.is_set():
                return
            await asyncio.sleep(self._rng.choice((2.0, 10.0, 60.0)) if not self._weather.fair else 1.0)

    async def _one_life(self) -> None:
        self._life += 1
        process = self.process = Process(self._weather.kills, self._fell)
        self.wire = Wire(process, self._town, self._weather, self.name)
        self._town.note(self.name, f"starts life {self._life}")
        task = process.start(self._serve(self.wire))
        try:
            await asyncio.wait([task, asyncio.ensure_future(process.died.wait())],
                               return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
        finally:
            self.desk = None
        if not process.dead:
            process.died.set()
            task.result()
            return
        self.crashes += 1
        await process.reap()

    async def _serve(self, wire: Wire) -> None:
        account = self._town.world.account
        connection = Connection(
            title=account.name,
            appid=account.appid,
            agent=AgentId(self.agent),
            reveal=lambda: account.secret,
            vault=Vault.NONE,
            transport=wire,
            hold=self._weather.hold,
            role=Role.SUPERVISOR if self._weather.supervisor else Role.AGENT,
        )
        process = self.process
        assert process is not None
        means = Means(clock=self.clock, random=random.Random(self._rng.random()), hire=process.hire)
        async with open_desk(connection, self.folder, means) as desk:
            self._town.oracle.starts(self.name, self.folder)
            desk.store.listen(lambda fact: self._heard(process, fact))
            self.desk = desk
            self.up_since = asyncio.get_running_loop().time()
            await desk.run(self._closing)

    def _heard(self, process: Process, fact: Fact) -> None:
        if process.dead:
            return
        self._readings += isinstance(fact, SessionsObserved)
        item = getattr(fact, "item", None)
        if isinstance(item, OutboxItem):
            self._town.oracle.shown(self.name, item)
        items = getattr(fact, "items", None) or ()
        for one in items:
            if isinstance(one, OutboxItem):
                self._town.oracle.shown(self.name, one)

    def _fell(self, process: Process, where: str) -> None:
        """The files as the kill leaves them are what the next life finds."""
        self._town.oracle.book(self.name).closes()
        cut = self._rng if self._rng.random() < self._weather.power_cuts else None
        lost = pull_the_plug(self.folder, process.connections, cut)
        self._town.note(self.name, f"{'power cut' if cut else 'killed'} at {where} {lost or ''}")
        self._town.oracle.counts["power cuts"] += cut is not None
        self._town.oracle.counts["crashes"] += 1

    async def suffer(self) -> None:
        """Sleep, wrong clocks and a full disk."""
        while True:
            await asyncio.sleep(self._rng.uniform(60, 600))
            weather, process = self._weather, self.process
            if not self.awake or process is None or self.wire is None:
                continue
            if self._rng.random() < weather.sleeps:
                seconds = self._rng.choice((30.0, 600.0, 8 * 3600.0))
                self._town.note(self.name, f"sleeps {seconds:.0f} s")
                self._town.skipped += seconds
                self.wire.cut()
            elif self._rng.random() < weather.clock_steps:
                self.clock.ahead = self._rng.choice((0.0, 300.0, -300.0, 3600.0, -3600.0, 86400.0))
                self._town.note(self.name, f"clock is {self.clock.ahead:+.0f} s wrong")
            elif self._rng.random() < weather.disk_full:
                process.disk_full = True
                self._town.note(self.name, "disk full")
                await asyncio.sleep(self._rng.uniform(1, 60))
                process.disk_full = False
                self._town.note(self.name, "disk has room")

    async def end(self) -> None:
        """Throws away what is still running."""
        if self.process is not None:
            self.process.dead = True
            self.process.died.set()
            await self.process.reap()

    def close(self) -> None:
        """The window is closed."""
        self._closing.set()
