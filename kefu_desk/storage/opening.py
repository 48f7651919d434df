"""Opening a file: private, looked at, at the newest schema, with the right care for the disk."""

import os
import sqlite3
from pathlib import Path
from typing import Literal

from msgspec import Struct

from kefu_desk.domain.failure import DeskError
from kefu_desk.storage.errors import folder_error, storage_failure
from kefu_desk.storage.keeping import Finding, Keeper
from kefu_desk.storage.migrate import migrate, refuse_newer

Synchronous = Literal["FULL", "NORMAL"]

BUSY_SECONDS = 5.0
CHECKED_BYTES = 64 * 1024 * 1024
"""Up to this size a file is checked at opening after an unclean end; above, it would delay the start."""
HEADER_BYTES = 100


class Terms(Struct, frozen=True):
    """How one file is opened; `read_only` leaves it byte for byte as it is."""

    path: Path
    schema: Path
    synchronous: Synchronous
    busy_seconds: float = BUSY_SECONDS
    keeper: Keeper = Keeper()
    read_only: bool = False


class Opened(Struct):
    """A connection that may write, what was found on the way, and whether the file still wants a check."""

    connection: sqlite3.Connection
    findings: tuple[Finding, ...]
    unchecked: bool


def connect_writer(terms: Terms) -> Opened:
    """Creates the file if need be, looks at its health, mends it where its keeper can, brings it up to date.

    Raises:
        DeskError: category STORAGE.
        sqlite3.Error: other faults of the disk, as SQLite tells them.
    """
    found: list[Finding | None] = []
    try:
        make_private(terms.path)
        found.append(terms.keeper.prepare(terms.path, terms.schema))
        try:
            connection, unchecked = open_whole(terms)
        except (DeskError, sqlite3.DatabaseError) as error:
            fault = damage(error, terms.path)
            if fault is None:
                raise
            finding = terms.keeper.mend(terms.path, terms.schema, fault)
            if finding is None:
                raise
            found.append(finding)
            make_private(terms.path)
            connection, unchecked = open_whole(terms)
    except OSError as error:
        raise folder_error(error, terms.path) from error
    try:
        found.append(terms.keeper.arrived(connection, terms.path))
    except OSError as error:
        connection.close()
        raise folder_error(error, terms.path) from error
    except BaseException:
        connection.close()
        raise
    return Opened(connection, tuple(finding for finding in found if finding is not None), unchecked)


def damage(error: DeskError | sqlite3.DatabaseError, path: Path) -> DeskError | None:
    """The damage of a file behind an error, or None when it is something else."""
    if isinstance(error, DeskError):
        return error if error.failure.text.key == "failure.storage.corrupt" else None
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return None
    detail = f"{error.sqlite_errorname} {path.name}"
    return DeskError(storage_failure("failure.storage.corrupt", path, detail=detail))


def open_whole(terms: Terms) -> tuple[sqlite3.Connection, bool]:
    """A connection to a file that is whole, and whether a look at its pages is still due."""
    path = terms.path
    unclean = has_leftovers(path) or terms.keeper.doubtful
    if path.is_file() and 0 < path.stat().st_size < HEADER_BYTES:  # SQLite would take it for a new file
        detail = f"{path.name}: shorter than the header"
        raise DeskError(storage_failure("failure.storage.corrupt", path, detail=detail))
    connection = sqlite3.connect(path, isolation_level=None)
    small = path.stat().st_size <= CHECKED_BYTES
    try:
        prepare(connection, terms.busy_seconds)
        refuse_newer(connection, path, terms.schema)
        logged = terms.keeper.logged
        connection.execute(f"PRAGMA journal_mode = {'WAL' if logged else 'DELETE'}")
        connection.execute(f"PRAGMA synchronous = {terms.synchronous if logged else 'FULL'}")
        connection.execute(
            f"PRAGMA fullfsync = {terms.synchronous == 'FULL'}"
        )  # only macOS knows the difference
        connection.execute("PRAGMA secure_delete = ON")
        if unclean and small:
            check_pages(connection, path)
        migrate(connection, path, terms.schema)
    except BaseException:
        connection.close()
        raise
    return connection, unclean and not small


def connect_reader(path: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
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


def connect_looker(path: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection that leaves the file byte for byte as it is, whatever wrote it.

    Raises:
        sqlite3.OperationalError: when there is no such file.
    """
    # Without a log SQLite would make one even for reading, unless it is told that nobody writes.
    mode = "mode=ro" if has_leftovers(path) else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)
    try:
        prepare(connection, busy_seconds)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
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
