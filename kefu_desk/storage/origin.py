"""Whether a file is the one that this program left here, or came from elsewhere, such as an old back-up.

The file bears a number that changes at each opening and at each closing, and a mark beside it remembers that
number, the file and its log. What does not fit together was copied here, or has lost its log: what it holds
as queued may have been sent long ago (reliability F-S15, F-S22).
"""

import os
import sqlite3
import time
from pathlib import Path

import msgspec
from msgspec import Struct

COPIED_SECONDS = 5.0
"""A mark that the file system dates that much later than the mark itself says was copied here."""

NO_LOG = 0
RESTARTS = 1_000_000


class Mark(Struct, frozen=True):
    """What is known about a file: its possible numbers, its place on the disk, and the salt of its log.

    `log` is `NO_LOG` when there must be none, and None when there may be any. `at` in Unix seconds.
    """

    numbers: tuple[int, ...]
    file: int
    log: int | None
    at: float


def mark_of(path: Path) -> Path:
    """Where the mark of a file is kept."""
    return path.with_name(path.name + ".mark")


def log_of(path: Path) -> Path:
    """Where SQLite keeps the log of a file."""
    return path.with_name(path.name + "-wal")


def place_of(path: Path) -> int:
    """The number of a file on its disk; `NO_LOG` when it is missing or empty."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return NO_LOG
    return found.st_ino if found.st_size else NO_LOG


def salt_of(path: Path) -> int:
    """The salt of a file's log, which SQLite draws for a new log and then counts up; `NO_LOG` without one."""
    try:
        with log_of(path).open("rb") as log:
            head = log.read(20)
    except FileNotFoundError:
        return NO_LOG
    return (int.from_bytes(head[16:20], "big") or 1) if head else NO_LOG


def may_be(salt: int, marked: int) -> bool:
    """Whether a log can be the one that was marked, begun anew some times."""
    return (salt - marked) % 2**32 < RESTARTS


def read_mark(path: Path) -> Mark | None:
    """The mark of a file, unless it is missing, unreadable or was copied here."""
    kept = mark_of(path)
    try:
        mark = msgspec.json.decode(kept.read_bytes(), type=Mark)
        changed = kept.stat().st_ctime
    except (OSError, msgspec.MsgspecError):
        return None
    if os.name == "posix" and abs(changed - mark.at) > COPIED_SECONDS:  # elsewhere it is the time of making
        return None
    return mark


def write_mark(path: Path, numbers: tuple[int, ...], log: int | None, *, durable: bool = False) -> None:
    """Replaces the mark of a file, for this user only; `durable` survives a power loss from here on."""
    mark = Mark(numbers, place_of(path), log, time.time())
    partial = path.with_name(path.name + ".mark-partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(descriptor, msgspec.json.encode(mark))
        if os.name == "posix":
            partial.replace(mark_of(path))  # at once, for this is the time that the file system remembers
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if os.name != "posix":
        partial.replace(mark_of(path))
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a power loss, where the system knows such a thing."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def number_of(connection: sqlite3.Connection) -> int:
    """The number that a file bears; 0 for one that never got any."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def write_number(connection: sqlite3.Connection, number: int) -> None:
    """Gives the file its number, inside a transaction."""
    connection.execute(f"PRAGMA application_id = {number}")


def new_number() -> int:
    """A number that no other opening has had."""
    return int.from_bytes(os.urandom(4), "big") % 0x7FFFFFFF + 1
