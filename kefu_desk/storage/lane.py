"""One thread that owns one connection."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
Unit = Callable[[sqlite3.Connection], T]
Hire = Callable[[str], Executor]
"""Makes what a lane works with, from its name; it must do one thing after the other, in order."""


def own_thread(name: str) -> Executor:
    """A thread that begins with the first job."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)


class Lane:
    """One thread that owns one connection and runs what it is given, one thing after the other."""

    def __init__(self, name: str, hire: Hire = own_thread) -> None:
        self._executor = hire(name)
        self._connection: sqlite3.Connection | None = None
        self._fault: BaseException | None = None

    def open(self, connect: Callable[[], sqlite3.Connection]) -> "Future[None]":
        """Makes the connection inside the thread."""

        def job() -> None:
            try:
                self._connection = connect()
            except BaseException as fault:
                self._fault = fault
                raise

        return self._executor.submit(job)

    def drop(self) -> "Future[None]":
        """Closes the connection; `open` may make another one."""

        def job() -> None:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

        return self._executor.submit(job)

    def call(self, unit: Unit[T]) -> "Future[T]":
        """Runs a function with the connection; where that could not be made, the fault comes again."""

        def job() -> T:
            if self._connection is None:
                if self._fault is not None:
                    raise self._fault
                raise RuntimeError("the connection is closed")
            return unit(self._connection)

        return self._executor.submit(job)

    def run(self, job: Callable[[], T]) -> "Future[T]":
        """Runs a function in its turn, without the connection."""
        return self._executor.submit(job)

    def close(self, farewell: Unit[None], after: Callable[[], None] | None = None) -> "Future[None]":
        """Runs a last function, closes the connection and lets the thread end; takes nothing new.

        `after` is run when the connection is closed, unless there was none.
        """

        def job() -> None:
            connection, self._connection = self._connection, None
            if connection is None:
                return
            try:
                farewell(connection)
            finally:
                connection.close()
            if after is not None:
                after()

        last = self._executor.submit(job)
        self._executor.shutdown(wait=False)
        return last

    def join(self) -> None:
        """Waits until the thread has ended."""
        self._executor.shutdown(wait=True)
