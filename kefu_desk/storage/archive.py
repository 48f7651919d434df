"""All records of conversations, each stored once, and what they say about a customer in one line."""

import sqlite3
from collections.abc import Iterable, Sequence

from kefu_desk.domain.coverage import Span, merged
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import Record, RecordKey
from kefu_desk.domain.search import Search
from kefu_desk.storage import words
from kefu_desk.storage.database import Database
from kefu_desk.storage.digests import digests_of
from kefu_desk.storage.forgetting import forget_customer, forget_old
from kefu_desk.storage.intake import id_of, own_of, take_in
from kefu_desk.storage.search import find

SLICE = 500
"""Records that are indexed in one go: a tenth of the time that a person would notice."""

CONVERSATION = """
SELECT openid, worker.name, opercode, text, line.id >> 20, ordinal
FROM customer CROSS JOIN line INDEXED BY line_conversation ON line.customer = customer.id
CROSS JOIN worker ON worker.id = line.worker
WHERE openid = ? AND line.id < ? ORDER BY line.id DESC LIMIT ?
"""

RecordRow = tuple[str, str, int, str, int, int]


class SqliteArchive:
    """The archive in its own file; it can be read again from WeChat, so `synchronous="NORMAL"` is enough."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, records: Sequence[Record], *, own: AgentId | None = None) -> tuple[Record, ...]:
        """Stores numbered records once each and returns those that were new, in the given order.

        With `own` only conversations in which that agent took part: the customer is known here already, or
        a given record of the customer is that agent's; then all records of the customer are stored.
        """
        given = tuple(records)
        if not given:
            return ()

        def unit(connection: sqlite3.Connection) -> tuple[Record, ...]:
            return take_in(connection, given if own is None else own_of(connection, given, own))

        return await self._database.transact(unit)

    async def latest(self, openid: OpenId, limit: int) -> tuple[Record, ...]:
        """The newest records of a conversation, oldest first."""
        return await self._database.read(lambda c: conversation(c, openid, 2**63 - 1, limit))

    async def earlier(self, openid: OpenId, before: RecordKey, limit: int) -> tuple[Record, ...]:
        """The newest records of a conversation that are older than `before`, oldest first."""
        return await self._database.read(lambda c: conversation(c, openid, id_of(c, before), limit))

    async def covered(self) -> tuple[Span, ...]:
        """What was read completely, oldest first; spans neither meet nor overlap."""
        return await self._database.read(spans_of)

    async def cover(self, span: Span) -> None:
        """Remembers that the records of a span were read completely; on disk when this returns."""

        def unit(connection: sqlite3.Connection) -> None:
            spans = merged((*spans_of(connection), span))
            connection.execute("DELETE FROM coverage")
            connection.executemany("INSERT INTO coverage VALUES (?, ?)", [(s.start, s.end) for s in spans])

        await self._database.transact(unit)

    async def search(self, query: Search) -> tuple[Record, ...]:
        """The newest records whose text contains the words, newest first."""
        return await find(self._database, query)

    async def rebuild_index(self, limit: int = SLICE) -> bool:
        """Indexes some of the records that the search still has to look at; whether there are more of them.

        There are some after an upgrade and after a damage of the index; a search finds them all the same.
        """
        return await self._database.transact(lambda connection: words.extend(connection, limit))

    async def digests(self, openids: Iterable[OpenId]) -> dict[OpenId, Digest]:
        """One line about each customer; a customer never seen has an empty digest.

        `last_visit` is when the newest visit began.
        """
        wanted = tuple(dict.fromkeys(openids))
        return await self._database.read(lambda c: digests_of(c, wanted)) if wanted else {}

    async def forget_before(self, time: int) -> None:
        """Deletes the records before a Unix second, and that they were read completely, some at a time."""
        while await self._database.transact(lambda connection: forget_old(connection, time, SLICE)) == SLICE:
            pass

    async def forget(self, openid: OpenId) -> None:
        """Deletes all records of a customer."""
        await self._database.transact(lambda connection: forget_customer(connection, openid))


def spans_of(connection: sqlite3.Connection) -> tuple[Span, ...]:
    """The covered spans, oldest first."""
    return tuple(Span(*row) for row in connection.execute("SELECT start, last FROM coverage ORDER BY start"))


def conversation(
    connection: sqlite3.Connection, openid: OpenId, before: int, limit: int
) -> tuple[Record, ...]:
    """The newest records of a customer below an id, oldest first."""
    rows: list[RecordRow] = connection.execute(CONVERSATION, (openid, before, limit)).fetchall()
    return tuple(Record(OpenId(row[0]), AgentId(row[1]), *row[2:]) for row in reversed(rows))
