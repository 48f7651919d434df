"""The world of the simulation, step by step: Hypothesis chooses what happens and shortens what fails."""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import Decision, SendState
from kefu_desk.simulator.scenario import DEMO_AGENT
from tests.desk.virtual_time import VirtualLoop
from tests.simulation.desk import DeskUnderTest
from tests.simulation.oracle import Oracle
from tests.simulation.play import overheard, roomy
from tests.simulation.process import owned_connections, task_factory
from tests.simulation.rest import archives, drained, look
from tests.simulation.town import COLLEAGUE, SEND, Town
from tests.simulation.weather import NOTHING, SENDS, STEPS, Weather

WORDS = st.sampled_from(["您好", "好的", "稍等", "谢谢", "？"])
"""A small pool, because twins are where the bugs are."""

CUSTOMER = st.integers(0, 4)
SECONDS = st.sampled_from([0.0, 0.1, 1.0, 3.0, 10.0, 30.0, 60.0, 180.0, 400.0])
PATHS = st.sampled_from(["msgrecord/getmsglist", SEND, "getwaitcase", "getsessionlist"])


class Planned(Weather):
    """Weather that does what it is told."""

    def __init__(self) -> None:
        super().__init__(random.Random(1), lag=0.0, late=0.0, power_cuts=0.0, hold=0.0)
        self.next_sends: list[str] = []
        self.dies_at: str | None = None

    def fate(self, path: str, *, sends: bool) -> str:
        """What was planned for the next send; everything else goes well."""
        return self.next_sends.pop(0) if sends and self.next_sends and not self.fair else NOTHING

    def kills(self, where: str) -> bool:
        """Once at the planned step."""
        if self.fair or where != self.dies_at:
            return False
        self.dies_at = None
        return True

    def record_lag(self) -> float:
        """As it was set."""
        return self.lag


class Machine(RuleBasedStateMachine):
    """One desk, five customers, and everything that reliability 5.6 lists."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-", dir=roomy()))
        self.loop = VirtualLoop()
        self.loop.set_task_factory(task_factory)
        self.loop.set_exception_handler(lambda *_: None)
        self.oracle = Oracle()
        self.around = ExitStack()
        self.around.enter_context(owned_connections())
        self.around.enter_context(overheard(self.oracle))
        self.weather = Planned()
        self.does(self.begins())

    def does(self, story: Coroutine[Any, Any, None]) -> None:
        """Lets something happen, and what follows at once."""
        self.loop.run_until_complete(story)

    def passes(self, seconds: float) -> None:
        """Virtual seconds, never none at all."""
        self.does(asyncio.sleep(max(seconds, 0.01)))

    async def begins(self) -> None:
        """The town with everybody in it, and a desk."""
        self.town = Town(1, self.weather, self.oracle)
        self.desk = DeskUnderTest("A", DEMO_AGENT, self.folder, self.town, self.weather, 1)
        for openid in self.town.customers:
            self.town.world.customer_says(openid, "在吗")
            self.town.world.open_session(openid, DEMO_AGENT)
        self.life = asyncio.ensure_future(self.desk.live())
        await asyncio.sleep(2)

    def awake(self) -> bool:
        """Whether somebody can work at the desk."""
        return self.desk.awake

    @precondition(awake)
    @rule(customer=CUSTOMER, words=WORDS, burst=st.integers(1, 3))
    def accept(self, customer: int, words: str, burst: int) -> None:
        for _ in range(burst):
            self.desk.send(self.town.customers[customer], words)
        self.passes(0)

    @precondition(awake)
    @rule(typed=CUSTOMER, other=CUSTOMER, words=WORDS)
    def switch_conversation_while_typing(self, typed: int, other: int, words: str) -> None:
        openid, elsewhere = self.town.customers[typed], self.town.customers[other]
        self.desk.ask("draft", self.desk.commands.keep_draft(OpenId(openid), words))
        self.desk.ask("switch", self.desk.commands.open_conversation(OpenId(elsewhere)))
        self.desk.send(openid, words)
        self.passes(0)

    @rule(customer=CUSTOMER, words=WORDS)
    def customer_writes(self, customer: int, words: str) -> None:
        openid = self.town.customers[customer]
        self.town.world.advance(self.town.now())
        self.town.world.customer_says(openid, words)
        self.oracle.customer_wrote(openid)

    @precondition(awake)
    @rule()
    def poll(self) -> None:
        self.desk.ask("refresh", self.desk.commands.refresh())
        self.passes(0.5)

    @rule(seconds=SECONDS)
    def advance(self, seconds: float) -> None:
        self.passes(seconds)

    @rule(kind=st.sampled_from(sorted(SENDS)))
    def next_send_fault(self, kind: str) -> None:
        self.weather.next_sends.append(kind)

    @rule()
    def rotate_token(self) -> None:
        self.town._rotate()

    @rule(lag=st.sampled_from([0.0, 5.0, 90.0]))
    def records_lag(self, lag: float) -> None:
        self.weather.lag = lag

    @rule(where=st.sampled_from(sorted(STEPS)))
    def crash_at(self, where: str) -> None:
        self.weather.dies_at = where

    @precondition(awake)
    @rule(cut=st.booleans())
    def killed_now(self, cut: bool) -> None:
        self.weather.power_cuts = 1.0 if cut else 0.0
        assert self.desk.process is not None
        self.desk.process.kill("a rule")
        self.passes(0)

    @rule()
    def restart(self) -> None:
        self.passes(61)

    @precondition(awake)
    @rule(decision=st.sampled_from(list(Decision)), which=st.integers(0, 3))
    def human(self, decision: Decision, which: int) -> None:
        open_items = [i for i in self.desk.state.outbox if i.state in (SendState.UNKNOWN, SendState.FAILED)]
        if not open_items:
            return
        item = open_items[which % len(open_items)]
        if item.state is SendState.FAILED:
            self.desk.ask("again", self.desk.commands.send_again(item.id))
        else:
            self.desk.ask(decision.value, self.desk.commands.answer(item.id, decision))
        self.passes(0)

    @rule(path=PATHS)
    def quota_hit(self, path: str) -> None:
        self.town.world.chaos.set("quota", "45009", paths=path, times=1)

    @rule(seconds=st.sampled_from([60.0, 3600.0, 8 * 3600.0]))
    def suspend(self, seconds: float) -> None:
        self.town.skipped += seconds
        if self.desk.wire is not None:
            self.desk.wire.cut()
        self.passes(1)

    @rule(ahead=st.sampled_from([0.0, 300.0, -300.0, 3600.0, -3600.0, 86400.0]))
    def clock_step(self, ahead: float) -> None:
        self.desk.clock.ahead = ahead

    @rule(customer=CUSTOMER)
    def second_desk_accepts(self, customer: int) -> None:
        openid = self.town.customers[customer]
        self.town.world.advance(self.town.now())
        self.town.world.close_session(openid)
        self.town.world.open_session(openid, COLLEAGUE)

    @precondition(awake)
    @rule(full=st.booleans())
    def disk_full(self, full: bool) -> None:
        assert self.desk.process is not None
        self.desk.process.disk_full = full

    @precondition(awake)
    @rule(page=st.integers(0, 8))
    def corrupt_archive(self, page: int) -> None:
        assert self.desk.process is not None
        self.desk.process.kill("a damaged disk")
        path = self.desk.folder / "archive.db"
        if path.exists() and path.stat().st_size > page * 4096 + 200:
            with path.open("r+b") as file:
                file.seek(page * 4096 + 100)
                file.write(b"\xa5" * 100)
        self.passes(0)

    @invariant()
    def nothing_is_broken(self) -> None:
        if self.desk.awake:
            look([self.desk], self.town, self.oracle)
        self.passes(0)
        if self.life.done():
            self.life.result()
        assert self.oracle.broken is None, self.told()

    def told(self) -> str:
        """The end of the trace."""
        lines = [f"{at:10.3f} {actor:10} {event}" for at, actor, event in self.oracle.trace[-80:]]
        return "\n".join([str(self.oracle.broken), *lines])

    def teardown(self) -> None:
        try:
            if self.oracle.broken is None and not self.life.done():
                self.does(self.ends())
                assert self.oracle.broken is None, self.told()
        finally:
            self.does(self.desk.end())
            self.life.cancel()
            self.does(self.gone())
            self.around.close()
            self.oracle.close()
            self.loop.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    async def ends(self) -> None:
        """Fair weather until all is at rest; then the archive is looked at."""
        await drained([self.desk], self.town, self.oracle, [self.life])
        self.desk.close()
        await asyncio.wait([self.life])
        self.life.result()
        if self.oracle.broken is None:
            archives([self.desk], self.town, self.oracle)

    async def gone(self) -> None:
        """Nothing of it is left in the loop."""
        await asyncio.gather(self.life, return_exceptions=True)


TestMachine = pytest.mark.timeout(600)(Machine.TestCase)
TestMachine.settings = settings(
    max_examples=60,
    stateful_step_count=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
