"""One SQLite file: one thread writes, one reads, and the event loop never waits for the disk."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Literal, TypeVar

from kefu_desk.domain.failure import DeskError
from kefu_desk.storage.errors import environment_error, folder_error, storage_failure
from kefu_desk.storage.migrate import migrate, refuse_newer

T = TypeVar("T")
Unit = Callable[[sqlite3.Connection], T]
Synchronous = Literal["FULL", "NORMAL"]
Hire = Callable[[str], Executor]
"""Makes what a lane works with, from its name; it must do one thing after the other, in order."""

BUSY_SECONDS = 5.0
CHECKED_BYTES = 64 * 1024 * 1024
"""Up to this size a file is checked at opening after an unclean end; above, it would delay the start."""
HEADER_BYTES = 100

log = logging.getLogger(__name__)


def own_thread(name: str) -> Executor:
    """A thread that begins with the first job."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)


class Lane:
    """One thread that owns one connection and runs what it is given, one thing after the other."""

    def __init__(self, name: str, hire: Hire = own_thread) -> None:
        self._executor = hire(name)
        self._connection: sqlite3.Connection | None = None

    def open(self, connect: Callable[[], sqlite3.Connection]) -> "Future[None]":
        """Makes the connection inside the thread."""

        def job() -> None:
            self._connection = connect()

        return self._executor.submit(job)

    def call(self, unit: Unit[T]) -> "Future[T]":
        """Runs a function with the connection."""

        def job() -> T:
            if self._connection is None:
                raise RuntimeError("the connection is closed")
            return unit(self._connection)

        return self._executor.submit(job)

    def close(self, farewell: Unit[None]) -> "Future[None]":
        """Runs a last function, closes the connection and lets the thread end; takes nothing new."""

        def job() -> None:
            connection, self._connection = self._connection, None
            if connection is None:
                return
            try:
                farewell(connection)
            finally:
                connection.close()

        last = self._executor.submit(job)
        self._executor.shutdown(wait=False)
        return last

    def join(self) -> None:
        """Waits until the thread has ended."""
        self._executor.shutdown(wait=True)


class Database:
    """A database file. Make it with `Database.open`, or with `begin`, `opened` and `close` in this order."""

    def __init__(
        self,
        path: Path,
        connect: Callable[[], sqlite3.Connection],
        busy_seconds: float,
        hire: Hire = own_thread,
    ) -> None:
        self.path = path
        self._writer = Lane(f"{path.stem}-writer", hire)
        self._reader = Lane(f"{path.stem}-reader", hire)
        written = self._writer.open(connect)

        def connect_after_writer() -> sqlite3.Connection:
            written.result()
            return connect_reader(path, busy_seconds)

        self._opening = (written, self._reader.open(connect_after_writer))

    @classmethod
    def begin(
        cls,
        path: Path,
        *,
        schema: Path,
        synchronous: Synchronous,
        busy_seconds: float = BUSY_SECONDS,
        hire: Hire = own_thread,
    ) -> "Database":
        """Lets its threads open or create the file at the newest schema, and returns at once.

        Folders are made for this user only, and so is the file. `close` it, whatever becomes of it. `hire`
        may give something else than threads, such as one that works in the caller's.
        """
        return cls(path, lambda: connect_writer(path, schema, synchronous, busy_seconds), busy_seconds, hire)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: Path, *, schema: Path, synchronous: Synchronous, busy_seconds: float = BUSY_SECONDS
    ) -> "AsyncIterator[Database]":
        """A database that is open, and closed again at the end; no thread is left.

        Raises:
            DeskError: category STORAGE, when the file is damaged, held, unwritable, newer or cannot be made.
        """
        database = cls.begin(path, schema=schema, synchronous=synchronous, busy_seconds=busy_seconds)
        try:
            await database.opened()
            yield database
        finally:
            await database.close()

    async def opened(self) -> None:
        """Returns when the file is open.

        Raises:
            DeskError: category STORAGE, when the file is damaged, held, unwritable, newer or cannot be made.
        """
        for job in self._opening:
            await self._outcome(job)

    async def transact(self, unit: Unit[T]) -> T:
        """Runs `unit` in one write transaction; it is committed when this returns, and undone when it raises.

        A cancelled caller stops waiting, but the unit is still carried out whole.

        Raises:
            DeskError: category STORAGE, when disk or file are at fault; other faults come as they are.
        """
        return await self._outcome(self._writer.call(lambda c: in_transaction(c, "BEGIN IMMEDIATE", unit)))

    async def read(self, unit: Unit[T]) -> T:
        """Runs `unit` on one unchanging view of everything that was committed before.

        Raises:
            DeskError: category STORAGE, when disk or file are at fault.
        """
        return await self._outcome(self._reader.call(lambda c: in_transaction(c, "BEGIN", unit)))

    async def check(self) -> None:
        """Raises `DeskError` when the file is damaged; takes seconds for millions of rows."""
        await self._outcome(self._reader.call(lambda c: check_pages(c, self.path)))

    async def _outcome(self, job: "Future[T]") -> T:
        outcome = asyncio.wrap_future(job)
        try:
            return await asyncio.shield(outcome)
        except asyncio.CancelledError:
            outcome.add_done_callback(self._note_unseen_fault)
            raise
        except sqlite3.Error as error:
            failure = environment_error(error, self.path)
            if failure is None:
                raise
            raise failure from error

    def _note_unseen_fault(self, outcome: "asyncio.Future[T]") -> None:
        fault = outcome.exception()
        if fault is not None:
            log.warning(
                "%s: a unit failed after its caller had gone: %s", self.path.name, type(fault).__name__
            )

    async def close(self) -> None:
        """Brings everything into the file and ends both threads; a fault of the disk is only logged."""
        # Both are under way before the first wait, so that even a cancelled closing ends both threads.
        reader_closed = self._reader.close(lambda _: None)

        def checkpoint(connection: sqlite3.Connection) -> None:
            reader_closed.exception()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        try:
            await self._outcome(self._writer.close(checkpoint))
        except DeskError as error:
            log.warning("%s: closed without a checkpoint: %s", self.path.name, error.failure.detail)
        self._reader.join()
        self._writer.join()


def in_transaction(connection: sqlite3.Connection, begin: str, unit: Unit[T]) -> T:
    """Runs a unit between begin and commit, or undoes it."""
    connection.execute(begin)
    try:
        value = unit(connection)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # SQLite itself has already undone it after some faults of the disk
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise
    return value


def connect_writer(
    path: Path, schema: Path, synchronous: Synchronous, busy_seconds: float
) -> sqlite3.Connection:
    """Creates the file if need be, looks at its health and brings it to the newest schema."""
    try:
        make_private(path)
        unclean = has_leftovers(path)
    except OSError as error:
        raise folder_error(error, path) from error
    if path.is_file() and 0 < path.stat().st_size < HEADER_BYTES:  # SQLite would take it for a new file
        detail = f"{path.name}: shorter than the header"
        raise DeskError(storage_failure("failure.storage.corrupt", path, detail=detail))
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        prepare(connection, busy_seconds)
        refuse_newer(connection, path, schema)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA fullfsync = {synchronous == 'FULL'}")  # only macOS knows the difference
        connection.execute("PRAGMA secure_delete = ON")
        if unclean and path.stat().st_size <= CHECKED_BYTES:
            check_pages(connection, path)
        migrate(connection, path, schema)
    except OSError as error:
        connection.close()
        raise folder_error(error, path) from error
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """A connection that cannot write and never moves the log into the file."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        prepare(connection, busy_seconds)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """What every connection needs."""
    connection.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA cache_size = -16000")


def check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """Raises `DeskError` when a page of the file is damaged."""
    findings = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    if findings != ["ok"]:
        detail = f"quick_check {path.name}: {findings[0][:200]}"
        raise DeskError(storage_failure("failure.storage.corrupt", path, detail=detail))


def has_leftovers(path: Path) -> bool:
    """Whether the program ended without closing the file."""
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


def make_private(path: Path) -> None:
    """Makes the missing folders and the file readable by this user only."""
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    elif path.is_file() and os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)


def set_aside(path: Path) -> Path:
    """Renames a damaged and closed file with its log, so that a new one can begin; returns the new name."""
    number = 1
    while (target := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(target.with_name(target.name + suffix))
    except OSError as error:
        raise folder_error(error, path) from error
    return target
