"""Brings a database file to the newest schema, in one step that either happens or does not."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from kefu_desk.domain.failure import DeskError
from kefu_desk.storage.errors import storage_failure


def scripts(folder: Path) -> tuple[tuple[int, str], ...]:
    """The scripts of a folder with their numbers, in order; they must be numbered from 1 without a gap."""
    files = (p for p in folder.iterdir() if p.suffix == ".sql" and p.name[0].isdecimal())
    found = sorted((int(p.name.split("_", 1)[0]), p) for p in files)
    numbers = [number for number, _ in found]
    if not found or numbers != list(range(1, len(found) + 1)):
        raise ValueError(f"schema scripts are missing or not numbered 1..n: {numbers}")
    return tuple((number, p.read_text(encoding="utf-8")) for number, p in found)


def statements(script: str) -> Iterator[str]:
    """The single statements of a script; each has to end at the end of a line."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError("a schema script ends inside a statement")


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a file; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(connection: sqlite3.Connection, path: Path, schema: Path) -> None:
    """Raises `DeskError` when the file was written by a newer version of the program; changes nothing."""
    found, known = version_of(connection), len(scripts(schema))
    if found > known:
        detail = f"{path.name}: schema {found}, known {known}"
        raise DeskError(storage_failure("failure.storage.newer", path, detail=detail))


def migrate(connection: sqlite3.Connection, path: Path, schema: Path) -> None:
    """Applies what is missing in one transaction, after a copy of a file that already has content.

    The copy is named `<file>.v<version>.bak` and stays. Ask `refuse_newer` before.
    """
    known = scripts(schema)
    if version_of(connection) == len(known):
        return
    if version_of(connection) > 0:
        back_up(connection, path.with_name(f"{path.name}.v{version_of(connection)}.bak"))
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = version_of(connection)
        for number, script in known:
            if number > found:
                for statement in statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def back_up(connection: sqlite3.Connection, target: Path) -> None:
    """Makes `target` a complete copy for this user only; a half copy never bears that name."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    copy = sqlite3.connect(partial)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    partial.replace(target)
