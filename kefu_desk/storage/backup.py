"""Copies of a file that are whole or not there: of this hour, of the hour before and of an earlier day."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from kefu_desk.domain.failure import DeskError
from kefu_desk.storage.opening import check_pages, connect_looker
from kefu_desk.storage.origin import sync_folder

DAY = 86400.0
COPIES = (1, 2, 3)


def copies_of(path: Path) -> tuple[Path, ...]:
    """Where the back-ups of a file are, newest first; none of them need be there."""
    return tuple(path.with_name(f"{path.name}.bak-{number}") for number in COPIES)


def back_up(connection: sqlite3.Connection, path: Path) -> None:
    """Makes a back-up for this user only and moves the older ones on; a damaged file replaces no good copy.

    Raises:
        DeskError: when the file turns out to be damaged.
        sqlite3.Error: when disk or file are at fault.
    """
    newest, older, oldest = copies_of(path)
    partial = write_copy(connection, path)
    if older.exists() and (not oldest.exists() or older.stat().st_mtime - oldest.stat().st_mtime >= DAY):
        older.replace(oldest)
    if newest.exists():
        newest.replace(older)
    partial.replace(newest)
    sync_folder(path.parent)


def write_copy(connection: sqlite3.Connection, path: Path) -> Path:
    """A checked copy that bears no final name yet and is on the disk."""
    partial = path.with_name(f"{path.name}.bak-partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            check_pages(copy, path)
        descriptor = os.open(partial, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def newest_copy(path: Path) -> Path | None:
    """The newest back-up that is whole."""
    for copy in copies_of(path):
        try:
            with closing(connect_looker(copy)) as connection:
                check_pages(connection, copy)
                connection.execute("SELECT count(*) FROM outbox").fetchone()
        except (sqlite3.Error, DeskError, OSError):
            continue
        return copy
    return None
