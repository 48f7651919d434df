"""Faults of the disk and of the file, told apart from faults of ours."""

import sqlite3
from pathlib import Path

from kefu_desk.domain.failure import Action, Category, DeskError, Failure
from kefu_desk.domain.text import text

PHRASES = {
    sqlite3.SQLITE_FULL: "failure.storage.full",
    sqlite3.SQLITE_BUSY: "failure.storage.locked",
    sqlite3.SQLITE_LOCKED: "failure.storage.locked",
    sqlite3.SQLITE_PROTOCOL: "failure.storage.locked",
    sqlite3.SQLITE_CORRUPT: "failure.storage.corrupt",
    sqlite3.SQLITE_NOTADB: "failure.storage.corrupt",
    sqlite3.SQLITE_IOERR: "failure.storage.io",
    sqlite3.SQLITE_READONLY: "failure.storage.readonly",
    sqlite3.SQLITE_PERM: "failure.storage.readonly",
    sqlite3.SQLITE_CANTOPEN: "failure.storage.unopened",
}
"""What SQLite's primary result codes mean to the person at the desk."""

RETRY = frozenset({"failure.storage.full", "failure.storage.locked", "failure.storage.io"})


def storage_failure(key: str, path: Path, *, detail: str = "") -> Failure:
    """A fault of one file; `detail` is for support."""
    return Failure(
        Category.STORAGE,
        text(key, file=path.name),
        detail=detail,
        subject=str(path),
        action=Action.RETRY if key in RETRY else Action.COPY_DETAILS,
    )


def environment_error(error: sqlite3.Error, path: Path) -> DeskError | None:
    """The fault of the surroundings behind an error of SQLite, or None when it is a fault of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    key = PHRASES.get(code & 0xFF) if code is not None else None
    if key is None:
        return None
    return DeskError(storage_failure(key, path, detail=f"{error.sqlite_errorname} {path.name}"))


def folder_error(error: OSError, path: Path) -> DeskError:
    """A folder or file that could not be made."""
    reason = error.strerror or type(error).__name__
    return DeskError(storage_failure("failure.storage.folder", path, detail=f"{reason} {path}"))
