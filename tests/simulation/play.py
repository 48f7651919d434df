"""Plays one seed: the weather, then fair weather until everything has come to rest, then the end."""

import asyncio
import gc
import logging
import random
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from kefu_desk.simulator.scenario import DEMO_AGENT
from kefu_desk.wechat.numbering import NumberedReader
from kefu_desk.wechat.records import PAGE, Records
from tests.desk.virtual_time import VirtualLoop
from tests.simulation.desk import DeskUnderTest
from tests.simulation.oracle import BrokenError, Oracle
from tests.simulation.person import Person
from tests.simulation.process import HERE, owned_connections, task_factory
from tests.simulation.rest import archives, drained, look, other_files, still_running
from tests.simulation.town import SECOND_AGENT, Town
from tests.simulation.weather import Weather


@dataclass
class Report:
    """What came of one seed."""

    seed: int
    seconds: float
    broken: str | None = None
    hours: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)


def play(seed: int, seconds: float) -> Report:
    """One seed for that many virtual seconds of bad weather."""
    report = Report(seed, seconds)
    folder = Path(tempfile.mkdtemp(prefix="sim-", dir=roomy()))
    loop = VirtualLoop()
    loop.set_task_factory(task_factory)
    faults: list[str] = []

    def fault(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        process = HERE.get()
        if process is None or not process.dead:
            faults.append(f"{context.get('message')}: {context.get('exception')!r}")

    loop.set_exception_handler(fault)
    oracle = Oracle()
    try:
        with owned_connections(), overheard(oracle):
            loop.run_until_complete(_play(seed, seconds, folder, oracle))
        gc.collect(0)
    except Exception as error:  # noqa: BLE001  the report tells it
        faults.insert(0, f"{type(error).__name__}: {error}")
        oracle.trace.append((loop.time(), "LOOP", f"{error!r} {handles(loop)}"))
    finally:
        if faults and oracle.broken is None:
            oracle.broken = BrokenError("I11", faults[0])
        oracle.close()
        loop.close()
        shutil.rmtree(folder, ignore_errors=True)
    report.counts, report.hours = oracle.counts, loop.time() / 3600
    if oracle.broken is not None:
        report.broken = str(oracle.broken)
        report.trace = [f"{at:10.3f} {actor:10} {event}" for at, actor, event in oracle.trace]
    return report


def causes(error: BaseException) -> list[str]:
    """What is at the bottom of a fault, with the line that it comes from."""
    if isinstance(error, BaseExceptionGroup):
        return [cause for one in error.exceptions for cause in causes(one)]
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return [f"{type(error).__name__}: {error} at {places}"]


def handles(loop: asyncio.AbstractEventLoop) -> str:
    """What the loop would do next."""
    return str([t for t in asyncio.all_tasks(loop) if not t.done()])


def roomy() -> str | None:
    """A folder in memory where there is one."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() else None


async def _play(seed: int, seconds: float, folder: Path, oracle: Oracle) -> None:
    weather = Weather.of(random.Random(f"{seed} weather"))
    with small_pages(weather.page):
        await _days(seed, seconds, folder, oracle, weather)


@contextmanager
def small_pages(size: int | None) -> Iterator[None]:
    """Records are read in pages of so many, so that pages meet within a second."""
    honest = NumberedReader.__init__

    def smaller(self: NumberedReader, wechat: Records) -> None:
        honest(self, wechat, size or PAGE)

    with mock.patch.object(NumberedReader, "__init__", smaller):
        yield


async def _days(seed: int, seconds: float, folder: Path, oracle: Oracle, weather: Weather) -> None:
    town = Town(seed, weather, oracle)
    second = DEMO_AGENT if weather.same_agent else SECOND_AGENT
    desks = [
        DeskUnderTest(name, agent, folder, town, weather, seed)
        for name, agent in (("A", DEMO_AGENT), ("B", second))[: weather.desks]
    ]
    own = {"A": "", "B": "！"}
    people = [
        Person(desk, random.Random(f"{seed} person {desk.name}"), own[desk.name], weather) for desk in desks
    ]
    lives = [asyncio.ensure_future(desk.live()) for desk in desks]
    stirring = [asyncio.ensure_future(job) for job in
                (town.live(), *(p.work() for p in people), *(d.suffer() for d in desks))]  # fmt: skip
    loop = asyncio.get_running_loop()
    try:
        while loop.time() < seconds and oracle.broken is None:
            await asyncio.sleep(2.0)
            look(desks, town, oracle)
            still_running(lives + stirring)
        await _stopped(stirring)
        await drained(desks, town, oracle, lives)
        for desk in desks:
            desk.close()
        await asyncio.wait(lives)
        for life in lives:
            life.result()
        if oracle.broken is None:
            archives(desks, town, oracle)
            other_files(folder, oracle)
    except Exception as error:  # noqa: BLE001  the report tells it
        oracle.breaks("I11", "; ".join(causes(error)))
    finally:
        await _stopped(stirring)
        for desk in desks:
            await desk.end()
        await _stopped(lives)
    left = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    if left:
        oracle.breaks("I11", f"tasks are left: {left}")


async def _stopped(tasks: "list[asyncio.Task[None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Ear(logging.Handler):
    """Hears every log record, and knows what no record may tell."""

    def __init__(self, oracle: Oracle) -> None:
        super().__init__(logging.INFO)
        self._oracle = oracle

    def emit(self, record: logging.LogRecord) -> None:
        """Looks for secrets and for words of customers."""
        words = logging.Formatter().format(record)
        for secret in self._oracle.secrets():
            if secret in words:
                self._oracle.breaks("I10", f"{record.name} logs {secret[:4]}…")


@contextmanager
def overheard(oracle: Oracle) -> Iterator[None]:
    """Nothing is logged that nobody hears."""
    root, ear = logging.getLogger(), Ear(oracle)
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(ear)
        root.setLevel(before)
