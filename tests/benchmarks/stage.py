"""The real window on a real desk against a simulator in this process, for the benchmarks."""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import qasync  # after PySide6, whose binding it takes

from kefu_desk.app.assets import resources
from kefu_desk.app.compose import Connection, Means, open_desk
from kefu_desk.app.gui import make_stage
from kefu_desk.app.stage import Stage, Start
from kefu_desk.desk.runtime import Desk
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.wiring import Wiring

Scene = Callable[[Stage, Desk], Awaitable[None]]


@asynccontextmanager
async def opened(stage: Stage, connection: Connection, means: Means | None = None) -> AsyncIterator[Desk]:
    """A desk in the window, running while the block runs."""
    closing = asyncio.Event()
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(connection, Path(folder), means) as desk, asyncio.TaskGroup() as group:
            wiring = Wiring(stage.window, desk, time.time)
            stage.window.show_desk()
            wiring.start()
            group.create_task(desk.run(closing))
            try:
                yield desk
            finally:
                closing.set()
                wiring.stop()


def perform(play: Callable[[Stage], Awaitable[None]]) -> None:
    """Runs a benchmark in Qt's loop with the window shown."""
    stage = make_stage(Start(language="zh_CN", theme="light"))
    stage.theme.dress()
    stage.window.furnish(Icons(resources() / "icons"))
    stage.window.show()
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(stage.app)) as runner:
        runner.run(play(stage))
    sys.stdout.flush()


async def until(reached: Callable[[], bool], seconds: float = 20.0) -> None:
    """Waits for something that the event loop brings about."""
    async with asyncio.timeout(seconds):
        while not reached():
            await asyncio.sleep(0.005)
