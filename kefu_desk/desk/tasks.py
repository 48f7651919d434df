"""Starts commands as named tasks; a command that meets a fault of ours does not stop the desk."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from kefu_desk.desk.ports import Clock
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import CommandCrashed

log = logging.getLogger(__name__)


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
        except Exception:  # one of the two boundaries: five live chats go on
            log.exception("command %s crashed", name)
            self._store.dispatch(CommandCrashed(name, self._clock.now()))
