"""Who looks after the two files of a desk: the archive can be read again, the outbox cannot."""

import os
import shutil
import sqlite3
import time
from pathlib import Path

import msgspec

from kefu_desk.domain.failure import Category, DeskError, Effect, Failure
from kefu_desk.domain.text import Text, text
from kefu_desk.storage.errors import storage_failure
from kefu_desk.storage.keeping import Finding, Keeper
from kefu_desk.storage.opening import set_aside
from kefu_desk.storage.origin import (
    NO_LOG,
    Mark,
    log_of,
    may_be,
    new_number,
    number_of,
    place_of,
    read_mark,
    salt_of,
    write_mark,
    write_number,
)

REBUILT = ".rebuilt"
RESERVE = "reserve"
RESERVE_BYTES = 1_000_000
SPARE_BYTES = 20 * RESERVE_BYTES
"""The reserve is made again when so much is free."""

SHANGHAI = 8 * 3600


class ArchiveKeeper(Keeper):
    """Sets a damaged archive aside, also while it is in use; its records are read again from WeChat.

    `shared` names what shares its folder with other computers; empty for a disk of this one.
    """

    heals = True

    def __init__(self, shared: str = "") -> None:
        self.logged = not shared

    def mend(self, path: Path, schema: Path, fault: DeskError) -> Finding | None:  # noqa: ARG002  the promise of Keeper
        """Makes room for a new archive."""
        kept = set_aside(path)
        return Finding(text("found.archive", file=kept.name), fault.failure)


class OutboxKeeper(Keeper):
    """Lets no message get lost with its file, and none be sent because its file is an old copy.

    `shared` names what shares its folder with other computers; there the file gets no write-ahead log.
    """

    def __init__(self, shared: str = "") -> None:
        self.logged = not shared
        self._shared = shared
        self._mark: Mark | None = None
        self._own = False
        self._number = 0
        self._changes = 0

    def prepare(self, path: Path, schema: Path) -> Finding | None:
        """Sets a log aside that belongs to another file; a file that is gone comes back from its back-up."""
        self._mark = mark = read_mark(path)
        if not path.is_file():
            return None
        empty = path.stat().st_size == 0
        rebuilt = path.with_name(f"{path.name}{REBUILT}")
        if empty and rebuilt.exists():  # the program was killed between the two steps of `mend`
            rebuilt.replace(path)
            return None
        rebuilt.unlink(missing_ok=True)
        if empty and (mark is not None or log_of(path).exists()):
            failure = storage_failure("failure.storage.corrupt", path, detail=f"{path.name}: empty")
            return self.mend(path, schema, DeskError(failure))
        self._own = mark is not None and mark.file == place_of(path)
        self.doubtful = not empty
        if mark is None or not self._own:
            return None
        log = salt_of(path)
        if log and mark.log is not None and not (mark.log and may_be(log, mark.log)):
            self._own = False
            path.with_name(f"{path.name}-wal").replace(path.with_name(f"{path.name}.foreign-wal"))
            path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        elif mark.log and not log:
            self._own = False
        self.doubtful = not self._own
        return None

    def mend(self, path: Path, schema: Path, fault: DeskError) -> Finding | None:
        """Builds a new outbox of what can be read of the damaged one and of the newest good back-up."""
        from kefu_desk.storage.backup import newest_copy  # noqa: PLC0415  no ordinary start needs them
        from kefu_desk.storage.migrate import scripts  # noqa: PLC0415
        from kefu_desk.storage.salvage import contents_of, rebuild  # noqa: PLC0415

        self._own = False
        newest = len(scripts(schema))
        damaged = contents_of(path, newest)
        copy = newest_copy(path)
        backup = contents_of(copy, newest) if copy is not None else None
        rebuilt = path.with_name(f"{path.name}{REBUILT}")
        saved = rebuild(rebuilt, schema, damaged, backup)
        kept = set_aside(path)
        rebuilt.replace(path)
        words: Text
        if copy is not None and saved.copied:
            when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(copy.stat().st_mtime + SHANGHAI))
            words = text(
                "found.outbox.copied",
                saved=saved.kept,
                copied=saved.copied,
                lost=saved.lost,
                time=when,
                file=kept.name,
            )
        else:
            words = text("found.outbox.salvaged", saved=saved.kept, lost=saved.lost, file=kept.name)
        return Finding(words, fault.failure)

    def arrived(self, connection: sqlite3.Connection, path: Path) -> Finding | None:
        """Takes a file over; what waits in one that came from elsewhere is never sent by itself."""
        before, after = number_of(connection), new_number()
        own = self._own and self._mark is not None and before in self._mark.numbers
        write_mark(path, (before, after) if own else (after,), None, durable=True)
        connection.execute("BEGIN IMMEDIATE")
        try:
            waiting = 0 if own else distrust(connection)
            write_number(connection, after)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        write_mark(path, (after,), salt_of(path) if self.logged else None)
        self._number, self._changes = after, connection.total_changes
        if not waiting:
            return self._shared_place(path)
        words = text("found.outbox.elsewhere", waiting)
        detail = f"{path.name}: not the one that was left here"
        return Finding(words, Failure(Category.STORAGE, words, detail=detail, subject=str(path)))

    def _shared_place(self, path: Path) -> Finding | None:
        if not self._shared:
            return None
        words = text("found.shared", place=self._shared)
        return Finding(words, Failure(Category.STORAGE, words, detail=f"{path.parent}", subject=str(path)))

    def make_room(self, path: Path) -> Path | None:
        """Gives up the file that keeps some room for outcomes."""
        reserve = path.with_name(RESERVE)
        if not reserve.exists():
            return None
        reserve.unlink()
        return reserve

    def leaving(self, connection: sqlite3.Connection, path: Path) -> None:
        """Keeps a back-up when something changed, and gives the file the number it lies here with."""
        from kefu_desk.storage.backup import back_up, copies_of  # noqa: PLC0415  no start needs it

        if connection.total_changes > self._changes or not copies_of(path)[0].exists():
            back_up(connection, path)
        after = new_number()
        write_mark(path, (self._number, after), None, durable=True)
        connection.execute("BEGIN IMMEDIATE")
        write_number(connection, after)
        connection.execute("COMMIT")
        self._number = after

    def left(self, path: Path) -> None:
        """Remembers that there is no log any more."""
        write_mark(path, (self._number,), NO_LOG if self.logged else None)


def distrust(connection: sqlite3.Connection) -> int:
    """Makes unknown what waits to be sent, for it may have been sent by another copy; how many those were.

    Each step is one that the schema allows. A record from the time of acceptance on may explain the send.
    """
    waiting = [
        row[0] for row in connection.execute("SELECT id FROM outbox WHERE state IN ('held', 'queued')")
    ]
    failure = Failure(Category.STORAGE, text("failure.outbox.elsewhere"), Effect.MAYBE)
    stored = msgspec.json.encode(failure).decode()
    for row in waiting:
        connection.execute("UPDATE outbox SET state = 'queued' WHERE id = ? AND state = 'held'", (row,))
        connection.execute("UPDATE outbox SET state = 'sending', started = created WHERE id = ?", (row,))
        connection.execute("UPDATE outbox SET state = 'unknown', failure = ? WHERE id = ?", (stored, row))
    return len(waiting)


def keep_reserve(folder: Path) -> None:
    """Takes some room on the disk for the day when there is none, unless it is scarce already."""
    reserve = folder / RESERVE
    if reserve.exists() or shutil.disk_usage(folder).free < SPARE_BYTES:
        return
    partial = folder / f"{RESERVE}-partial"
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(descriptor, os.urandom(RESERVE_BYTES))  # no file system can make this smaller
    finally:
        os.close(descriptor)
    partial.replace(reserve)
