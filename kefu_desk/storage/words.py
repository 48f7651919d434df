"""The index of words: for each record its pairs of neighbouring characters, so that any part is found.

The index holds every record from one id on, noted in `meta`; below that it is still to be made, newest first.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from operator import add as joined

from kefu_desk.domain.search import folded

FROM = "words_from"
NOTHING_YET = 2**63 - 1

LONGEST = 24
"""Characters of a needle that are looked up; more would narrow nothing and cost a look each."""

APART = "\x1f"
"""Stands between tokens; folded texts have no control characters."""

FILTER = "\x80"
"""Begins the token that says whose record it is; no folded text has it either."""

MARKS = "".join(chr(code) for code in range(0x20, 0x7F) if not chr(code).isalnum())

CREATE = (
    "CREATE VIRTUAL TABLE words USING fts5(tokens, content='', columnsize=0, detail=none, prefix='1',"
    """ tokenize="ascii tokenchars '{}'")"""
).format(MARKS.replace("'", "''").replace('"', '""'))
"""Contentless, since every text is in its record; every character counts, as in a plain comparison."""

MERGING = {"automerge": 16, "crisismerge": 32, "hashsize": 8 << 20}
"""Segments that FTS5 merges at once, four times its own number, and bytes that it gathers before it writes.

Each costs a fifth less for a page of records.
"""

HOLLOW = (
    "DROP TABLE IF EXISTS words_data",
    "DROP TABLE IF EXISTS words_idx",
    "DROP TABLE IF EXISTS words_config",
    "CREATE TABLE words_data (id INTEGER PRIMARY KEY, block BLOB)",
    "CREATE TABLE words_idx (segid, term, pgno, PRIMARY KEY (segid, term)) WITHOUT ROWID",
    "CREATE TABLE words_config (k PRIMARY KEY, v) WITHOUT ROWID",
    "INSERT INTO words_data VALUES (1, x''), (10, x'00000000000000')",
    "INSERT INTO words_config VALUES ('version', 4)",
)
"""Makes a damaged index an empty one, by FTS5's file format: it can only drop what it can open."""

Text = tuple[int, int, str]
"""What is indexed of a record: its id, the id of its worker, and its text."""


def tokens(worker: int, form: str) -> str:
    """The tokens of a folded text: whose it is, each pair of neighbours, and the last character alone."""
    return APART.join((f"{FILTER}{worker}", *map(joined, form, form[1:]), form[-1:]))


def matching(form: str, worker: int | None) -> str:
    """FTS5's expression for records that may contain a folded text and are of that worker.

    They hold all its pairs, but not always side by side: what is found still has to be looked at.
    """
    pairs = [form[n : n + 2] for n in range(min(len(form), LONGEST) - 1)]
    terms = [quoted(pair) for pair in dict.fromkeys(pairs)] or [f"{quoted(form)} *"]
    if worker is not None:
        terms.append(quoted(f"{FILTER}{worker}"))
    return " AND ".join(terms)


def quoted(token: str) -> str:
    """A string of FTS5 in which nothing has a meaning."""
    return '"' + token.replace('"', '""') + '"'


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the index is at fault: damaged, or not there."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    missing = code == sqlite3.SQLITE_ERROR and ("no such table" in str(error) or "constructor" in str(error))
    return missing or code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CONSTRAINT)


def is_alive(connection: sqlite3.Connection, begin: int) -> bool:
    """Whether the index still knows its newest and its oldest record; lost pages may look like no hits."""
    for order in ("ASC", "DESC"):
        row = connection.execute(
            f"SELECT id, worker FROM line WHERE id >= ? ORDER BY id {order} LIMIT 1",  # noqa: S608  two constants
            (begin,),
        ).fetchone()
        known = "SELECT 1 FROM words WHERE words MATCH ? AND rowid = ?"
        if row and not connection.execute(known, (quoted(f"{FILTER}{row[1]}"), row[0])).fetchone():
            return False
    return True


def indexed_from(connection: sqlite3.Connection) -> int:
    """The id from which on every record is in the index."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (FROM,)).fetchone()
    return NOTHING_YET if row is None else int(row[0])


def ready(connection: sqlite3.Connection) -> None:
    """Makes the index where there is none yet; call it before the first records are written."""
    if indexed_from(connection) == NOTHING_YET:
        begin_anew(connection)


def add(connection: sqlite3.Connection, records: Iterable[Text]) -> None:
    """Indexes new records, given in the order of their ids, as far as the index reaches."""
    write(
        connection,
        "INSERT INTO words (rowid, tokens) VALUES (?, ?)",
        since(records, indexed_from(connection)),
    )


def remove(connection: sqlite3.Connection, records: Iterable[Text]) -> None:
    """Takes records out of the index, given in the order of their ids; call it before they are deleted."""
    statement = "INSERT INTO words (words, rowid, tokens) VALUES ('delete', ?, ?)"
    write(connection, statement, since(records, indexed_from(connection)))


def extend(connection: sqlite3.Connection, limit: int) -> bool:
    """Indexes the newest records that are not in the index yet; whether there are more."""
    ready(connection)
    begin = indexed_from(connection)
    rows = connection.execute(
        "SELECT id, worker, text FROM line WHERE id < ? ORDER BY id DESC LIMIT ?", (begin, limit)
    ).fetchall()
    first = rows[-1][0] if len(rows) == limit else 0
    if not write(connection, "INSERT INTO words (rowid, tokens) VALUES (?, ?)", since(rows[::-1], 0)):
        return True
    note(connection, first)
    return first > 0


def begin_anew(connection: sqlite3.Connection) -> None:
    """Throws the index away and makes an empty one that `extend` fills."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone():
        for statement in HOLLOW:
            connection.execute(statement)
        connection.execute("DROP TABLE words")
    connection.execute(CREATE)
    for name, value in MERGING.items():
        connection.execute("INSERT INTO words (words, rank) VALUES (?, ?)", (name, value))
    newest = connection.execute("SELECT max(id) FROM line").fetchone()[0]
    note(connection, 0 if newest is None else newest + 1)


def since(records: Iterable[Text], begin: int) -> Iterator[tuple[int, str]]:
    """Rows for the index."""
    for place, worker, text in records:
        if place >= begin:
            yield place, tokens(worker, folded(text))


def write(connection: sqlite3.Connection, statement: str, rows: Iterable[tuple[int, str]]) -> bool:
    """Changes the index; one that turns out damaged is begun anew, and the answer is False.

    The inner savepoint makes FTS5 write what it would else keep for the commit, where a damage would undo
    the records too.
    """
    connection.execute("SAVEPOINT words")
    try:
        connection.executemany(statement, rows)
        connection.execute("SAVEPOINT written")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        connection.execute("ROLLBACK TO words")
        connection.execute("RELEASE words")
        begin_anew(connection)
        return False
    connection.execute("RELEASE words")
    return True


def note(connection: sqlite3.Connection, begin: int) -> None:
    """Remembers from which id on the index is complete."""
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (FROM, begin),
    )
