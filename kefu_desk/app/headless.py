"""The desk without a window: the same core, its facts as JSON lines."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import msgspec

from kefu_desk.app.compose import Connection, open_desk
from kefu_desk.app.instance import Instance
from kefu_desk.domain.facts import Fact


def fact_line(fact: Fact) -> str:
    """A fact as one line of JSON, named by its class."""
    body: dict[str, Any] = msgspec.to_builtins(fact)
    return msgspec.json.encode({"fact": type(fact).__name__, **body}).decode()


async def watch(connection: Connection, folder: Path, out: TextIO, seconds: float | None = None) -> None:
    """Runs a desk and prints every fact until SIGINT, SIGTERM or the given seconds."""
    closing = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no loop signal handlers; Ctrl+C ends it there too
            loop.add_signal_handler(name, closing.set)
    if seconds is not None:
        loop.call_later(seconds, closing.set)

    def show(fact: Fact) -> None:
        try:
            print(fact_line(fact), file=out, flush=True)
        except BrokenPipeError:  # `| head` has read enough
            closing.set()

    with Instance(folder):
        async with open_desk(connection, folder) as desk:
            desk.store.listen(show)
            await desk.run(closing)
