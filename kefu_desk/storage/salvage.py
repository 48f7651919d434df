"""What can still be read of a damaged outbox, row by row, as a new file."""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from kefu_desk.storage.migrate import scripts, statements
from kefu_desk.storage.opening import has_leftovers, prepare

WALKED_ROWS = 1_000_000
"""Up to this number each row is asked for by its number; beyond, only those that some index still names."""

Row = dict[str, object]


class Contents(Struct):
    """The rows of an outbox by number, its drafts by customer, its claims by row.

    `top` is the last number given out; `broken` tells that something could not be read.
    """

    version: int
    rows: dict[int, Row]
    drafts: dict[str, Row]
    claims: dict[int, Row]
    top: int = 0
    broken: bool = False


class Saved(Struct, frozen=True):
    """How many messages came from the damaged file, how many from a back-up, and how many are lost."""

    kept: int
    copied: int
    lost: int


def contents_of(path: Path, newest: int) -> Contents:
    """Everything that can be read of a file and its log, which are left as they are.

    A log that spoils a file which is whole without it belongs to another file, and is left out.
    """
    found = read_copy(path, newest, log=True)
    if found.broken and has_leftovers(path):
        without = read_copy(path, newest, log=False)
        if not without.broken:
            return without
    return found


def read_copy(path: Path, newest: int, *, log: bool) -> Contents:
    """Everything that can be read of a copy of the file."""
    found = Contents(newest, {}, {}, {}, broken=True)
    with copied(path, log=log) as copy:
        try:
            connection = sqlite3.connect(copy, isolation_level=None)
        except sqlite3.Error:
            return found
        with closing(connection):
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            try:
                prepare(connection, 0)
                found.version = min(max(1, version_of(connection)), newest)
                found.broken = connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]
            except sqlite3.Error:
                pass
            read_rows(connection, found)
            found.drafts = {str(row["openid"]): row for row in walk(connection, "draft", "openid", found)}
            claims = walk(connection, "claim", "openid", found)
            found.claims = {item: row for row in claims if (item := number(row["item"]))}
            found.top = max((found.top, *found.claims))
    return found


@contextmanager
def copied(path: Path, *, log: bool) -> Iterator[Path]:
    """A copy of a file, with its log if wanted, for as long as it is looked at."""
    folder = path.with_name(path.name + ".rescue")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        for part in (path, path.with_name(path.name + "-wal")):
            if part.is_file() and (log or part is path):
                shutil.copyfile(part, folder / part.name)
        yield folder / path.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version that the file says it has."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def number(value: object) -> int:
    """A row number; 0 for something that is none."""
    return value if isinstance(value, int) and value > 0 else 0


def read_rows(connection: sqlite3.Connection, found: Contents) -> None:
    """Asks for each row on its own, so that one that cannot be read hides no other."""
    numbers: set[int] = set()
    for query in (
        "SELECT id FROM outbox NOT INDEXED ORDER BY id",
        "SELECT id FROM outbox NOT INDEXED ORDER BY id DESC",
        "SELECT id FROM outbox INDEXED BY outbox_customer",
        "SELECT item FROM claim",
        "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'",
    ):
        numbers |= {number(value) for row in until_broken(connection, query, found) for value in row.values()}
    found.top = max(numbers, default=0)
    wanted = range(1, found.top + 1) if found.top <= WALKED_ROWS else sorted(numbers)
    for wish in wanted:
        query = "SELECT * FROM outbox NOT INDEXED WHERE id = ?"
        for row in until_broken(connection, query, found, (wish,)):
            if row["id"] == wish:
                found.rows[wish] = row


def walk(connection: sqlite3.Connection, table: str, key: str, found: Contents) -> Iterator[Row]:
    """The rows of a table from both ends, as far as they can be read."""
    for order in (key, f"{key} DESC"):
        query = f"SELECT * FROM {table} ORDER BY {order}"  # noqa: S608  our own words
        yield from until_broken(connection, query, found)


def until_broken(
    connection: sqlite3.Connection, query: str, found: Contents, parameters: Sequence[object] = ()
) -> Iterator[Row]:
    """The rows before the first that cannot be read."""
    try:
        cursor = connection.execute(query, parameters)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))
    except (sqlite3.Error, UnicodeError, OverflowError, MemoryError):
        found.broken = True


def rebuild(target: Path, schema: Path, damaged: Contents, backup: Contents | None) -> Saved:
    """Writes a new file: the rows of the damaged one, else those of the back-up, else what claims still tell.

    Nothing is left under the name `target` before it is complete.
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    source = backup if backup is not None and not damaged.rows else damaged
    with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        make(connection, schema, source.version)
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        kept = insert_all(connection, "outbox", damaged.rows.values())
        others = backup.rows.values() if backup is not None else ()
        copied_ones = insert_all(connection, "outbox", [r for r in others if r["id"] not in damaged.rows])
        known = {row[0] for row in connection.execute("SELECT id FROM outbox")}
        told = [row_from(claim) for item, claim in damaged.claims.items() if item not in known]
        kept += insert_all(connection, "outbox", told)
        top = max(damaged.top, backup.top if backup is not None else 0)
        finish(connection, damaged, backup, top)
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute(f"PRAGMA user_version = {source.version}")
        connection.execute("COMMIT")
    partial.chmod(0o600)
    partial.replace(target)
    return Saved(kept, copied_ones, max(0, top - kept - copied_ones))


def make(connection: sqlite3.Connection, schema: Path, version: int) -> None:
    """An empty outbox as a version of this program made it."""
    for step, script in scripts(schema):
        if step <= version:
            for statement in statements(script):
                connection.execute(statement)


def insert_all(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> int:
    """Writes the rows that the schema takes, in the columns that it knows; how many those were."""
    columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    count = 0
    for row in rows:
        names = [name for name in row if name in columns]
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  names of the schema
        try:
            count += connection.execute(statement, [row[name] for name in names]).rowcount
        except (sqlite3.IntegrityError, sqlite3.DataError, OverflowError):
            continue
    return count


def row_from(claim: Row) -> Row:
    """A send that only its record still tells about."""
    when = claim["time"]
    return {
        "id": claim["item"],
        "openid": claim["openid"],
        "agent": claim["worker"],
        "text": claim["text"],
        "created": when,
        "started": when,
        "settled": when,
        "state": "sent",
        "evidence": 1,
        "proof": "record",
    }


def finish(connection: sqlite3.Connection, damaged: Contents, backup: Contents | None, top: int) -> None:
    """Drafts, claims, parents that are gone, and a sequence that gives no number out twice."""
    connection.execute("UPDATE outbox SET parent = NULL WHERE parent NOT IN (SELECT id FROM outbox)")
    insert_all(connection, "claim", damaged.claims.values())
    insert_all(connection, "draft", damaged.drafts.values())
    if backup is not None:
        insert_all(connection, "claim", backup.claims.values())
        if damaged.broken:
            kept = damaged.drafts
            insert_all(
                connection, "draft", [row for openid, row in backup.drafts.items() if openid not in kept]
            )
    connection.execute("DELETE FROM claim WHERE item NOT IN (SELECT id FROM outbox)")
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'outbox'")
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)", (top,))
