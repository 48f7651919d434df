"""One SQLite file: one thread writes, one reads, and the event loop never waits for the disk."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from kefu_desk.domain.failure import DeskError, Failure
from kefu_desk.storage.errors import environment_error, storage_failure
from kefu_desk.storage.keeping import Finding, Keeper
from kefu_desk.storage.lane import Hire, Lane, Unit, own_thread
from kefu_desk.storage.opening import (
    BUSY_SECONDS,
    Synchronous,
    Terms,
    check_pages,
    connect_looker,
    connect_reader,
    connect_writer,
)

T = TypeVar("T")
NOBODY = Keeper()
Tell = Callable[[Finding | Failure | None], None]
"""Takes what was found once, the trouble that lasts, or None when that is over."""

log = logging.getLogger(__name__)


class Database:
    """A database file. Make it with `Database.open`, or with `begin`, `opened` and `close` in this order."""

    def __init__(self, terms: Terms, hire: Hire = own_thread) -> None:
        self.path = terms.path
        self.findings: tuple[Finding, ...] = ()
        self.unchecked = False
        self._terms = terms
        self._hire = hire
        self.trouble: Failure | None = None
        self._tell: Tell | None = None
        self._mending: asyncio.Future[None] | None = None
        self._mended = 0
        self._writer = Lane(f"{self.path.stem}-writer", hire)
        self._reader = Lane(f"{self.path.stem}-reader", hire)
        self._opening = self._open_lanes()

    def _open_lanes(self) -> "tuple[Future[None], Future[None]]":
        def connect() -> sqlite3.Connection:
            if self._terms.read_only:
                return connect_looker(self.path, self._terms.busy_seconds)
            opened = connect_writer(self._terms)
            self.findings += opened.findings
            self.unchecked = opened.unchecked
            return opened.connection

        written = self._writer.open(connect)

        def connect_after_writer() -> sqlite3.Connection:
            written.result()
            if self._terms.read_only:
                return connect_looker(self.path, self._terms.busy_seconds)
            return connect_reader(self.path, self._terms.busy_seconds)

        return (written, self._reader.open(connect_after_writer))

    @classmethod
    def begin(
        cls,
        path: Path,
        *,
        schema: Path,
        synchronous: Synchronous,
        busy_seconds: float = BUSY_SECONDS,
        hire: Hire = own_thread,
        keeper: Keeper = NOBODY,
    ) -> "Database":
        """Lets its threads open or create the file at the newest schema, and returns at once.

        Folders are made for this user only, and so is the file. `close` it, whatever becomes of it. `hire`
        may give something else than threads, such as one that works in the caller's.
        """
        return cls(Terms(path, schema, synchronous, busy_seconds, keeper), hire)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        path: Path,
        *,
        schema: Path,
        synchronous: Synchronous,
        busy_seconds: float = BUSY_SECONDS,
        keeper: Keeper = NOBODY,
    ) -> "AsyncIterator[Database]":
        """A database that is open, and closed again at the end; no thread is left.

        Raises:
            DeskError: category STORAGE, when the file is damaged, held, unwritable, newer or cannot be made.
        """
        database = cls.begin(
            path, schema=schema, synchronous=synchronous, busy_seconds=busy_seconds, keeper=keeper
        )
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

    def tell(self, tell: Tell) -> None:
        """Who is told from now on what is found, and which trouble lasts; first what was found at opening."""
        self._tell = tell
        for finding in self.findings:
            tell(finding)

    async def transact(self, unit: Unit[T], *, vital: bool = False) -> T:
        """Runs `unit` in one write transaction; it is committed when this returns, and undone when it raises.

        A cancelled caller stops waiting, but the unit is still carried out whole. A `vital` unit may use the
        room that is kept for a full disk.

        Raises:
            DeskError: category STORAGE, when disk or file are at fault; other faults come as they are.
        """
        return await self._carefully(self._writer, "BEGIN IMMEDIATE", unit, vital=vital)

    async def read(self, unit: Unit[T]) -> T:
        """Runs `unit` on one unchanging view of everything that was committed before.

        Raises:
            DeskError: category STORAGE, when disk or file are at fault.
        """
        return await self._carefully(self._reader, "BEGIN", unit)

    async def aside(self, unit: Unit[T]) -> T:
        """Runs something long on a reading connection of its own, in nobody's way, outside a transaction.

        Raises:
            DeskError: category STORAGE, when disk or file are at fault.
        """
        lane = Lane(f"{self.path.stem}-aside", self._hire)
        lane.open(lambda: connect_reader(self.path, self._terms.busy_seconds))
        try:
            return await self._outcome(lane.call(unit))
        finally:
            lane.close(lambda _: None)
            lane.join()

    async def check(self) -> None:
        """Raises `DeskError` when the file is damaged, and mends it first where that can be done in use.

        Takes seconds for millions of rows, but holds nobody up.
        """
        mended = self._mended
        try:
            await self.aside(lambda c: check_pages(c, self.path))
            self.unchecked = False
        except DeskError as error:
            if not await self._mend(error, mended):
                self._report(error.failure)
                raise

    async def _carefully(self, lane: Lane, begin: str, unit: Unit[T], *, vital: bool = False) -> T:
        """Runs a unit; once more after the file was mended or room was made for it."""
        if self._mending is not None:
            await asyncio.shield(self._mending)
        mended = self._mended
        try:
            value = await self._outcome(lane.call(lambda c: in_transaction(c, begin, unit)))
        except DeskError as error:
            key = error.failure.text.key
            again = vital and key == "failure.storage.full" and await self._make_room()
            if not again and not await self._mend(error, mended):
                self._report(error.failure)
                raise
            value = await self._outcome(lane.call(lambda c: in_transaction(c, begin, unit)))
        if lane is self._writer:
            self._report(None)
        return value

    async def _make_room(self) -> bool:
        given = await self._outcome(self._writer.run(lambda: self._terms.keeper.make_room(self.path)))
        return given is not None

    async def _mend(self, error: DeskError, mended: int) -> bool:
        """Puts a mended file in the place of one that was found damaged; whether there is one now."""
        if error.failure.text.key != "failure.storage.corrupt" or not self._terms.keeper.heals:
            return False
        if self._mending is not None:
            await asyncio.shield(self._mending)
        if self._mended > mended:
            return True
        self._mending = asyncio.get_running_loop().create_future()
        try:
            known = len(self.findings)
            await self._outcome(self._reader.drop())
            await self._outcome(self._writer.drop())
            try:
                done = await self._outcome(self._writer.run(lambda: self._put_right(error)))
            finally:
                self._opening = self._open_lanes()
                await self.opened()
            if not done:
                return False
            self._mended += 1
        finally:
            self._mending.set_result(None)
            self._mending = None
        if self._tell is not None:
            for finding in self.findings[known:]:
                self._tell(finding)
        return True

    def _put_right(self, error: DeskError) -> bool:
        finding = self._terms.keeper.mend(self.path, self._terms.schema, error)
        self.findings += (finding,) if finding is not None else ()
        return finding is not None

    def _report(self, failure: Failure | None) -> None:
        """Tells a trouble that begins, changes or ends."""
        before, now = self.trouble, failure
        self.trouble = failure
        same = before is not None and now is not None and before.text == now.text
        if self._tell is not None and not same and (before is not None or now is not None):
            self._tell(now)

    async def _outcome(self, job: "Future[T]") -> T:
        outcome = asyncio.wrap_future(job)
        try:
            return await asyncio.shield(outcome)
        except asyncio.CancelledError:
            outcome.add_done_callback(self._note_unseen_fault)
            raise
        except sqlite3.Error as error:
            failure = environment_error(error, self.path)
            if failure is not None:
                raise failure from error
            if self._terms.read_only:  # tables that a newer version may have made otherwise
                detail = f"{type(error).__name__} {self.path.name}"
                raise DeskError(storage_failure("failure.storage.newer", self.path, detail=detail)) from error
            raise

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
        keeper, left = self._terms.keeper, []

        def farewell(connection: sqlite3.Connection) -> None:
            reader_closed.exception()
            if not self._terms.read_only:
                keeper.leaving(connection, self.path)
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                left.append(True)

        def after() -> None:
            if left:
                keeper.left(self.path)

        try:
            await self._outcome(self._writer.close(farewell, after))
        except (DeskError, OSError) as error:
            detail = error.failure.detail if isinstance(error, DeskError) else error.strerror
            log.warning("%s: closed without a checkpoint: %s", self.path.name, detail)
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
