"""A desk as a process that can be killed at any step: nothing of it has any effect afterwards."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any

REAPING = 50
"""Rounds after which a task that swallows its cancellation is called immortal."""

HERE: "ContextVar[Process | None]" = ContextVar("process", default=None)


class Killed(BaseException):
    """The process is gone; only code that is about to be thrown away ever sees this."""


class Process:
    """What belongs to one run of a program: its tasks and its connections to files.

    `hazard` gets the name of a step and says whether the process is killed there. `fallen` is called at that
    very moment, while the files are as the kill left them.
    """

    def __init__(self, hazard: Callable[[str], bool], fallen: "Callable[[Process, str], None]") -> None:
        self.dead = False
        self.died = asyncio.Event()
        self.connections: list[sqlite3.Connection] = []
        self.tasks: dict[asyncio.Task[Any], None] = {}  # in order, so that a seed is always the same story
        self.disk_full = False
        self._hazard = hazard
        self._fallen = fallen
        self._context = copy_context()
        self._context.run(HERE.set, self)

    def step(self, where: str) -> None:
        """A point at which the process may be killed; raises when it is, or has been."""
        if not self.dead and self._hazard(where):
            self.kill(where)
        if self.dead:
            raise Killed

    def kill(self, where: str) -> None:
        """Ends the process here and now, as kill -9 does."""
        if not self.dead:
            self.dead = True
            self.died.set()
            self._fallen(self, where)

    def forget(self, task: "asyncio.Task[Any]") -> None:
        """A task that ended well is no longer of interest."""
        if not self.dead and (task.cancelled() or task.exception() is None):
            self.tasks.pop(task, None)

    def inside(self, function: Callable[..., Any], *given: Any) -> Any:
        """Calls a function as this process, so that the tasks it starts belong to it."""
        return self._context.run(function, *given)

    def start(self, coroutine: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """A task of this process."""
        task = self.inside(asyncio.ensure_future, coroutine)
        assert isinstance(task, asyncio.Task)
        return task

    def hire(self, name: str) -> Executor:
        """What the lanes of its files work with."""
        return Inline(self, name)

    async def reap(self) -> None:
        """Throws away what is left of a killed process."""
        for _ in range(REAPING):
            left = [task for task in self.tasks if not task.done()]
            if not left:
                break
            for task in left:
                task.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        else:
            raise AssertionError(f"tasks survive a kill: {[t.get_name() for t in left]}")
        for task in self.tasks:
            if not task.cancelled():
                task.exception()  # seen
        self.tasks.clear()
        for connection in self.connections:
            connection.close()
        self.connections.clear()


class Inline(Executor):
    """Does each job at once, in the loop's own thread; a kill may come before it or after it."""

    def __init__(self, process: Process, name: str) -> None:
        self._process = process
        self._before, self._after = f"{name} before", f"{name} after"
        self._writes = name.endswith("writer")

    def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> "Future[Any]":
        process = self._process
        process.step(self._before)
        done: Future[Any] = Future()
        token = HERE.set(process)
        try:
            value = (out_of_room if self._writes and process.disk_full else fn)(*given, **named)
        except Exception as error:  # noqa: BLE001  an executor hands on whatever a job raises
            done.set_exception(error)
        else:
            done.set_result(value)
        finally:
            HERE.reset(token)
        process.step(self._after)
        return done


def out_of_room(*_: Any) -> Any:
    """Raises what SQLite raises when the disk is full."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    error.sqlite_errorname = "SQLITE_FULL"
    raise error


def task_factory(loop: asyncio.AbstractEventLoop, coroutine: Any, **named: Any) -> "asyncio.Task[Any]":
    """Tasks that know their process; what a dead one starts is cancelled before its first line."""
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **named)
    process = HERE.get()
    if process is not None:
        process.tasks[task] = None
        if process.dead:
            task.cancel()
        else:
            task.add_done_callback(process.forget)
    return task


@contextmanager
def owned_connections() -> Iterator[None]:
    """Within the block each SQLite connection is known to the process that makes it."""
    really = sqlite3.connect

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = really(*given, **named)
        process = HERE.get()
        if process is not None:
            process.connections.append(connection)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]
    try:
        yield
    finally:
        sqlite3.connect = really
