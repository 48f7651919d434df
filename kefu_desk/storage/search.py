"""Finds words in the archive: by the index as far as it reaches, and below that by looking at every text."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice

from msgspec import Struct

from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import Record
from kefu_desk.domain.search import Search, folded
from kefu_desk.storage import words
from kefu_desk.storage.database import Database
from kefu_desk.storage.intake import LATEST, PLACES, first_of, id_of

LOOKED_AT = 5_000
"""Texts that are looked at in one go, so that somebody else's reading need not wait long."""

HIGHEST = first_of(LATEST) - 1

COLUMNS = "SELECT line.id, customer.openid, worker.name, line.opercode, line.text, line.ordinal "
NAMED = " CROSS JOIN customer ON customer.id = line.customer CROSS JOIN worker ON worker.id = line.worker "

BY_INDEX = (
    f"{COLUMNS} FROM words CROSS JOIN line ON line.id = words.rowid {NAMED}"
    " WHERE words MATCH ? AND words.rowid BETWEEN ? AND ? ORDER BY words.rowid DESC"
)
OF_ALL = f"{COLUMNS} FROM line {NAMED} WHERE line.id BETWEEN ? AND ? ORDER BY line.id DESC LIMIT ?"
OF_CUSTOMER = (
    f"{COLUMNS} FROM line INDEXED BY line_conversation {NAMED}"
    " WHERE line.id BETWEEN ? AND ? AND line.customer = ? ORDER BY line.id DESC LIMIT ?"
)

Row = tuple[int, str, str, int, str, int]


class Aim(Struct, frozen=True):
    """A question in terms of the file: ids from `low` to `high`, from `indexed` on by the index.

    `reach` is the lowest id that the index holds.
    """

    form: str
    limit: int
    customer: int | None
    worker: int | None
    agent: AgentId | None
    low: int
    high: int
    indexed: int
    reach: int


async def find(database: Database, query: Search) -> tuple[Record, ...]:
    """The newest records whose text contains the words, newest first.

    Raises:
        DeskError: category STORAGE.
    """
    form = folded(query.words)
    if query.limit < 1 or not form or not is_text(form):
        return ()

    def unit(connection: sqlite3.Connection) -> tuple[Aim | None, list[Record] | None]:
        aim = aim_of(connection, query, form)
        return aim, [] if aim is None or aim.high < aim.indexed else by_index(connection, aim)

    aim, found = await database.read(unit)
    if aim is None:
        return ()
    high = min(aim.high, aim.indexed - 1)
    if found is None:
        found, high = [], aim.high
        with suppress(DeskError):  # a file that cannot be written can still be searched
            await database.transact(words.begin_anew)
    while len(found) < aim.limit and high >= aim.low:
        more, high = await database.read(partial(looked_at, aim=aim, high=high))
        found += more
    return tuple(found[: aim.limit])


def aim_of(connection: sqlite3.Connection, query: Search, form: str) -> Aim | None:
    """The question in terms of the file; None when nothing can answer it."""
    customer = id_named(connection, "SELECT id FROM customer WHERE openid = ?", query.openid)
    worker = id_named(connection, "SELECT id FROM worker WHERE name = ?", query.agent)
    if (customer is None) != (query.openid is None) or (worker is None) != (query.agent is None):
        return None
    low = 0 if query.start is None else first_of(min(max(0, query.start), LATEST))
    high = HIGHEST if query.end is None else first_of(min(max(-1, query.end), LATEST - 1) + 1) - 1
    if query.before is not None:
        high = min(high, id_of(connection, query.before) - 1)
    indexed = words.indexed_from(connection) if customer is None else words.NOTHING_YET
    return Aim(form, query.limit, customer, worker, query.agent, low, high, max(low, indexed), indexed)


def by_index(connection: sqlite3.Connection, aim: Aim) -> list[Record] | None:
    """The newest hits that the index knows of; None when the index is damaged."""
    wanted = (words.matching(aim.form, aim.worker), aim.indexed, aim.high)
    try:
        found = list(islice(hits(connection.execute(BY_INDEX, wanted), aim), aim.limit))
        return found if len(found) == aim.limit or words.is_alive(connection, aim.reach) else None
    except sqlite3.DatabaseError as error:
        if not words.is_damage(error):
            raise
        return None


def looked_at(connection: sqlite3.Connection, aim: Aim, high: int) -> tuple[list[Record], int]:
    """The hits among the newest texts below `high`, and the id up to which there is more to look at."""
    if aim.customer is None:
        rows = connection.execute(OF_ALL, (aim.low, high, LOOKED_AT)).fetchall()
    else:
        rows = connection.execute(OF_CUSTOMER, (aim.low, high, aim.customer, LOOKED_AT)).fetchall()
    rest = rows[-1][0] - 1 if len(rows) == LOOKED_AT else -1
    return list(hits(rows, aim)), rest


def hits(rows: Iterable[Row], aim: Aim) -> Iterator[Record]:
    """Those rows that contain the words."""
    for place, openid, worker, opercode, text, ordinal in rows:
        if aim.agent in (None, worker) and aim.form in folded(text):
            yield Record(OpenId(openid), AgentId(worker), opercode, text, place >> PLACES, ordinal)


def id_named(connection: sqlite3.Connection, statement: str, name: str | None) -> int | None:
    """The id of a customer or worker; None for None and for one that is not known."""
    if name is None or not is_text(name):
        return None
    row = connection.execute(statement, (name,)).fetchone()
    return None if row is None else int(row[0])


def is_text(words: str) -> bool:
    """Whether SQLite could hold it; lone surrogates come from a shell whose words are no UTF-8."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True
