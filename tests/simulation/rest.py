"""What has to hold at any moment, and when everything has come to rest."""

import asyncio
from collections import Counter
from pathlib import Path

from tests.simulation.desk import DeskUnderTest
from tests.simulation.oracle import Oracle
from tests.simulation.town import Town

DRAIN = 6 * 3600.0
SETTLES = 700.0
"""Fair seconds at least: longer than the last zombie, and than it takes to read an hour again."""

AN_HOUR = 3600.0
CATCHES_UP = 60.0


def look(desks: list[DeskUnderTest], town: Town, oracle: Oracle) -> None:
    """What has to hold at any moment."""
    if len(desks) > 1 and desks[0].agent != desks[1].agent:
        oracle.owners({desk.name: desk.claims() if desk.awake else None for desk in desks})
    for desk in desks:
        if desk.process is not None and desk.process.disk_full:  # a question is put on the disk first
            oracle.book(desk.name).unknown_since.clear()
        if desk.awake:
            oracle.step(
                desk.name,
                now=oracle.elapsed(),
                up_since=desk.up_since,
                horizon=desk.state.calibration.horizon,
            )


async def drained(
    desks: list[DeskUnderTest], town: Town, oracle: Oracle, lives: "list[asyncio.Task[None]]"
) -> None:
    """Fair weather until all is at rest, and an hour of sleep, after which everything has been read."""
    town.weather.fair = True
    town.world.chaos.set("quota", "normal")
    for desk in desks:
        desk.clock.ahead = 0.0
        if desk.process is not None:
            desk.process.disk_full = False
    await _come_to_rest(desks, town, oracle, lives)
    await _an_hour_later(desks, town)


async def _come_to_rest(
    desks: list[DeskUnderTest], town: Town, oracle: Oracle, lives: "list[asyncio.Task[None]]"
) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    waiting: list[str] = []
    while loop.time() - began < DRAIN and oracle.broken is None:
        await asyncio.sleep(20.0)
        look(desks, town, oracle)
        still_running(lives)
        waiting = [f"{d.name} {w}" for d in desks for w in oracle.at_rest(d.name)]
        if loop.time() - began > SETTLES and not waiting and all(d.awake for d in desks):
            return
    if oracle.broken is None:
        oracle.breaks("I8", f"after {DRAIN / 3600:.0f} h of fair weather: {waiting[:5]}")


async def _an_hour_later(desks: list[DeskUnderTest], town: Town) -> None:
    """Everybody sleeps for an hour, and the desks read what they have missed."""
    town.skipped += AN_HOUR + 60.0
    for desk in desks:
        if desk.wire is not None:
            desk.wire.cut()
    await asyncio.sleep(CATCHES_UP)


def archives(desks: list[DeskUnderTest], town: Town, oracle: Oracle) -> None:
    """What each archive has to hold; that of an agent at least what the agent wrote and was told."""
    for desk in desks:
        old, young = Counter[tuple[object, ...]](), set[object]()
        for due, r in town.records.visible_since():
            key = (r.openid, r.worker, r.opercode, r.text, r.time)
            own = r.worker == desk.agent or town.weather.supervisor
            if own and town.now() - due > AN_HOUR:
                old[key] += 1
            else:
                young.add(key)
        oracle.archive(desk.name, desk.folder / "archive.db", old, young)


def other_files(folder: Path, oracle: Oracle) -> None:
    """I10: what may stand in the databases only stands nowhere else."""
    for path in folder.rglob("*"):
        if path.is_file() and ".db" not in path.name.replace(".db.mark", "") and path.name != "reserve":
            content = path.read_bytes()
            for secret in oracle.secrets():
                if secret.encode() in content:
                    oracle.breaks("I10", f"{path.name} holds {secret[:4]}…")


def still_running(tasks: "list[asyncio.Task[None]]") -> None:
    """Raises what has ended one of them."""
    for task in tasks:
        if task.done():
            task.result()
