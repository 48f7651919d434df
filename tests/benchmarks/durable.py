"""From Enter to durable: `Commands.send_text` until its row is committed, beside one bare commit.

The desk is the real one on real files with real threads, under the loop of the program; WeChat does not
answer, so that nothing but the row is written. The floor, measured in turns in one run, is the least that
can be on the disk for it: one row of the same size in a file with the same tables, written by sqlite3 alone
with a write-ahead log and synchronous=FULL.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Coroutine
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import qasync
from figures import line, quantile, spread
from PySide6.QtCore import QCoreApplication

from kefu_desk.app.compose import Connection, open_desk
from kefu_desk.domain.facts import Vault
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.migrate import scripts, statements

ROUNDS = 150
WARM = 20
HOLDS = (0.0, 3.0)
BUDGET = 2.0
AGENT, WORDS = "kf2001@luye", "您好，您的包裹今天下午已经到达北京朝阳区，预计明天上午送到，请保持电话畅通。"


class Silence(httpx.AsyncBaseTransport):
    """A network on which nothing is ever answered."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise httpx.ReadError("never")


def customer(number: int) -> OpenId:
    """Each reply goes to another customer, so that none joins the one before."""
    return OpenId(f"oLuye{number:023d}")


def bare(path: Path) -> sqlite3.Connection:
    """A file with the same tables, as sqlite3 alone would keep it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    for _, script in scripts(OUTBOX_SCHEMA):
        for statement in statements(script):
            connection.execute(statement)
    return connection


def commit(connection: sqlite3.Connection, number: int) -> float:
    """Seconds of one bare commit of such a row."""
    begun = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO outbox (openid, agent, text, created, state) VALUES (?, ?, ?, ?, 'queued')",
        (customer(number), AGENT, WORDS, time.time()),
    )
    connection.execute("COMMIT")
    return time.perf_counter() - begun


async def measure(hold: float, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds from Enter to durable, and of bare commits between them."""
    connection = Connection(
        "店",
        "wx6d1f0c83b5a2e974",
        AgentId(AGENT),
        lambda: "",
        vault=Vault.NONE,
        transport=Silence(),
        hold=hold,
    )
    ours, floor = [], []
    async with open_desk(connection, folder / f"hold-{hold:g}") as desk:
        with closing(bare(folder / f"bare-{hold:g}.db")) as alone:
            closing_time = asyncio.Event()
            running = asyncio.create_task(desk.run(closing_time))
            await asyncio.sleep(0.2)
            for number in range(WARM + ROUNDS):
                begun = time.perf_counter()
                assert await desk.commands.send_text(customer(number), WORDS)
                ours.append(time.perf_counter() - begun)
                await asyncio.sleep(0.002)
                floor.append(commit(alone, number))
                await asyncio.sleep(0.002)
            running.cancel()
            await asyncio.wait([running])
    return ours[WARM:], floor[WARM:]


def in_the_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Runs under the loop that the window runs under."""
    application = QCoreApplication.instance() or QCoreApplication(sys.argv)
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        return runner.run(work)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for hold in HOLDS:
            ours, floor = in_the_loop(measure(hold, Path(folder)))
            ratio = median(ours) / median(floor)
            worst = quantile(ours, 0.99) / quantile(floor, 0.99)
            line(
                f"Enter to durable, hold {hold:g} s",
                spread(ours),
                spread(floor),
                f"<= {BUDGET:g} bare commits, is {ratio:.2f} (p99 {worst:.2f})",
                kept=ratio <= BUDGET,
            )


if __name__ == "__main__":
    main()
