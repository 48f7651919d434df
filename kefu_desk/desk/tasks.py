"""Starts commands and services; one that meets a fault of ours does not stop the desk."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import PurePath
from types import TracebackType
from typing import Any

from kefu_desk.desk.ports import Clock
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import CommandCrashed, NoticeRaised
from kefu_desk.domain.text import text

log = logging.getLogger(__name__)

TOLD_AFTER = 3
LONGEST_REST = 60.0
CALM_SECONDS = 600.0
"""A service that ran that long between two faults begins to count them anew."""


class CommandRunner:
    """Runs commands in one task group; closing refuses new ones, and those under way end by themselves."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._group: asyncio.TaskGroup | None = None
        self._running: set[asyncio.Task[None]] = set()

    def attach(self, group: asyncio.TaskGroup) -> None:
        """Commands are accepted from now on."""
        self._group = group

    def close(self) -> None:
        """Commands are refused from now on."""
        self._group = None

    def start(self, name: str, command: Coroutine[Any, Any, object]) -> bool:
        """Runs a command; False when the desk is closing and the command was dropped."""
        if self._group is None:
            command.close()
            return False
        task = self._group.create_task(self._guard(name, command), name=f"command:{name}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return True

    async def drain(self) -> None:
        """Waits for the commands under way."""
        if self._running:
            await asyncio.wait(tuple(self._running))

    def abandon(self) -> None:
        """Cancels what is still under way."""
        for task in tuple(self._running):
            task.cancel()

    async def _guard(self, name: str, command: Coroutine[Any, Any, object]) -> None:
        try:
            await command
        except Exception:  # one of the boundaries: five live chats go on
            log.exception("command %s crashed", name)
            self._store.dispatch(CommandCrashed(name, self._clock.now()))


class Keeper:
    """Keeps services going: one that meets a fault of ours begins again, ever later (reliability F-P01).

    The fault is logged by kind and place, never with the values it met; the third one is told.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def keep(self, name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs a service until it ends by itself or is cancelled."""
        faults = 0
        while True:
            began = self._clock.monotonic()
            try:
                await run()
            except Exception as error:  # noqa: BLE001  a boundary: one service does not take the chats with it
                faults = 1 if self._clock.monotonic() - began > CALM_SECONDS else faults + 1
                kind, place = type(error).__name__, _place(error.__traceback__)
                log.error("service %s: %s at %s", name, kind, place)  # noqa: TRY400  its words may hold a customer's
            else:
                return
            if faults == TOLD_AFTER:
                words = text("notice.service_failing", service=name)
                self._store.dispatch(NoticeRaised(words, None, self._clock.now()))
            await self._clock.pause(min(LONGEST_REST, 2.0 ** min(faults - 1, 10)), asyncio.Event())


def _place(trace: TracebackType | None) -> str:
    """Where a fault happened: files and lines, innermost last."""
    places = []
    while trace is not None:
        places.append(f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " ".join(places)
