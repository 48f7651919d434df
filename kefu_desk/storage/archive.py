"""All records of conversations, each stored once, and what they say about a customer in one line."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from kefu_desk.domain.coverage import Span, merged
from kefu_desk.domain.digest import EMPTY, Digest
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import OperCode, Record, RecordKey
from kefu_desk.domain.search import Search, folded
from kefu_desk.storage.database import Database

VISIT_GAP_SECONDS = 1800
"""A silence longer than this, WeChat's own limit of a session, begins a new visit."""

DIGESTS = """
WITH
asked (openid) AS MATERIALIZED (SELECT value FROM json_each(:openids)),
newest (openid, last, customer, agent, visit) AS MATERIALIZED (
  SELECT openid,
    (SELECT id FROM record AS r INDEXED BY record_conversation
      WHERE r.openid = asked.openid ORDER BY time DESC, id DESC LIMIT 1),
    (SELECT id FROM record AS r INDEXED BY record_side
      WHERE r.openid = asked.openid AND opercode = :customer ORDER BY time DESC, id DESC LIMIT 1),
    (SELECT id FROM record AS r INDEXED BY record_side
      WHERE r.openid = asked.openid AND opercode = :agent ORDER BY time DESC, id DESC LIMIT 1),
    (SELECT time FROM record AS r INDEXED BY record_visit
      WHERE r.openid = asked.openid AND opens_visit = 1 ORDER BY time DESC, id DESC LIMIT 1)
  FROM asked
)
SELECT last.openid, last.worker, last.opercode, last.text, last.time, last.ordinal,
  customer.time,
  (SELECT min(r.time) FROM record AS r INDEXED BY record_side
    WHERE r.openid = newest.openid AND r.opercode = :customer
      AND (r.time, r.id) > (coalesce(agent.time, -1), coalesce(agent.id, -1))),
  (SELECT count(*) FROM record AS r INDEXED BY record_side
    WHERE r.openid = newest.openid AND r.opercode = :customer
      AND (r.time, r.id) > (coalesce(agent.time, -1), coalesce(agent.id, -1))),
  (SELECT count(*) FROM record AS r INDEXED BY record_side
    WHERE r.openid = newest.openid AND r.opercode = :agent
      AND (r.time, r.id) > (customer.time, customer.id)),
  (SELECT count(*) FROM record AS r INDEXED BY record_visit
    WHERE r.openid = newest.openid AND r.opens_visit = 1),
  agent.worker,
  newest.visit
FROM newest
JOIN record AS last ON last.id = newest.last
LEFT JOIN record AS customer ON customer.id = newest.customer
LEFT JOIN record AS agent ON agent.id = newest.agent
"""
"""One row a known customer. Indexes are named, so that a lost one is an error and not a slow query."""


RecordRow = tuple[str, str, int, str, int, int]
DigestRow = tuple[str, str, int, str, int, int, int | None, int | None, int, int, int, str | None, int | None]


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
            wanted = given if own is None else own_of(connection, given, own)
            return tuple(record for record in wanted if insert(connection, record))

        return await self._database.transact(unit)

    async def latest(self, openid: OpenId, limit: int) -> tuple[Record, ...]:
        """The newest records of a conversation, oldest first."""

        def unit(connection: sqlite3.Connection) -> tuple[Record, ...]:
            rows = connection.execute(
                "SELECT openid, worker, opercode, text, time, ordinal FROM record"
                " WHERE openid = ? ORDER BY time DESC, id DESC LIMIT ?",
                (openid, limit),
            )
            return tuple(record_from(row) for row in rows)[::-1]

        return await self._database.read(unit)

    async def earlier(self, openid: OpenId, before: RecordKey, limit: int) -> tuple[Record, ...]:
        """The newest records of a conversation that are older than `before`, oldest first."""

        def unit(connection: sqlite3.Connection) -> tuple[Record, ...]:
            rows = connection.execute(
                "SELECT openid, worker, opercode, text, time, ordinal FROM record"
                " WHERE openid = ? AND (time, id) < (?, ?) ORDER BY time DESC, id DESC LIMIT ?",
                (openid, *place_of(connection, before), limit),
            )
            return tuple(record_from(row) for row in rows)[::-1]

        return await self._database.read(unit)

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
        needle = folded(query.words)

        def unit(connection: sqlite3.Connection) -> tuple[Record, ...]:
            before = (2**62, 0) if query.before is None else place_of(connection, query.before)
            rows = connection.execute(
                "SELECT openid, worker, opercode, text, time, ordinal FROM record WHERE (time, id) < (?, ?)"
                " AND (?3 IS NULL OR openid = ?3) AND (?4 IS NULL OR worker = ?4)"
                " AND time BETWEEN coalesce(?5, 0) AND coalesce(?6, time) ORDER BY time DESC, id DESC",
                (*before, query.openid, query.agent, query.start, query.end),
            )
            found: list[Record] = []
            for row in rows:
                if len(found) == query.limit:
                    break
                if needle in folded(row[3]):
                    found.append(record_from(row))
            return tuple(found)

        return await self._database.read(unit) if needle else ()

    async def digests(self, openids: Iterable[OpenId]) -> dict[OpenId, Digest]:
        """One line about each customer; a customer never seen has an empty digest.

        `last_visit` is when the newest visit began.
        """
        wanted = tuple(dict.fromkeys(openids))
        asked = {
            "openids": json.dumps(wanted),
            "customer": int(OperCode.CUSTOMER_SENT),
            "agent": int(OperCode.AGENT_SENT),
        }

        def unit(connection: sqlite3.Connection) -> dict[OpenId, Digest]:
            found = {OpenId(row[0]): digest_from(row) for row in connection.execute(DIGESTS, asked)}
            return {openid: found.get(openid, EMPTY) for openid in wanted}

        return await self._database.read(unit) if wanted else {}

    async def synced_until(self) -> int | None:
        """The Unix second up to which the records were read without a gap."""
        spans = await self.covered()
        return spans[-1].end if spans else None

    async def mark_synced(self, until: int) -> None:
        """Remembers that records were read up to this second."""
        newest = await self.synced_until()
        await self.cover(Span(until if newest is None else min(newest, until), until))


def spans_of(connection: sqlite3.Connection) -> tuple[Span, ...]:
    """The covered spans, oldest first."""
    return tuple(Span(*row) for row in connection.execute("SELECT start, last FROM coverage ORDER BY start"))


def own_of(connection: sqlite3.Connection, records: tuple[Record, ...], own: AgentId) -> tuple[Record, ...]:
    """The records of conversations in which an agent took part."""
    wanted = {record.openid for record in records if record.worker == own}
    for openid in {record.openid for record in records} - wanted:
        if connection.execute("SELECT 1 FROM record WHERE openid = ? LIMIT 1", (openid,)).fetchone():
            wanted.add(openid)
    return tuple(record for record in records if record.openid in wanted)


def place_of(connection: sqlite3.Connection, key: RecordKey) -> tuple[int, int]:
    """Time and id of a record; a record that is not there comes before all of its second."""
    openid, worker, opercode, time, words, ordinal = key
    row = connection.execute(
        "SELECT id FROM record WHERE openid = ? AND time = ? AND worker = ? AND opercode = ? AND ordinal = ?"
        " AND text = ?",
        (openid, time, worker, opercode, ordinal, words),
    ).fetchone()
    return time, 0 if row is None else row[0]


def insert(connection: sqlite3.Connection, record: Record) -> bool:
    """Stores a record unless it is there, keeps the visits true, and tells whether it was new."""
    before = connection.execute(
        "SELECT max(time) FROM record WHERE openid = ? AND time <= ?", (record.openid, record.time)
    ).fetchone()[0]
    opens = before is None or record.time - before > VISIT_GAP_SECONDS
    cursor = connection.execute(
        "INSERT INTO record (openid, worker, opercode, text, time, ordinal, opens_visit)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (openid, time, worker, opercode, ordinal, text) DO NOTHING",
        (record.openid, record.worker, int(record.opercode), record.text, record.time, record.ordinal, opens),
    )
    if cursor.rowcount == 0:
        return False
    after = connection.execute(
        "SELECT id, time FROM record WHERE openid = ? AND time > ? ORDER BY time, id LIMIT 1",
        (record.openid, record.time),
    ).fetchone()
    if after is not None and after[1] - record.time <= VISIT_GAP_SECONDS:
        connection.execute("UPDATE record SET opens_visit = 0 WHERE id = ? AND opens_visit = 1", (after[0],))
    return True


def record_from(row: RecordRow) -> Record:
    """One row as a value."""
    openid, worker, opercode, words, time, ordinal = row
    return Record(OpenId(openid), AgentId(worker), opercode, words, time, ordinal)


def digest_from(row: DigestRow) -> Digest:
    """One row of `DIGESTS` as a value."""
    openid, worker, opercode, words, time, ordinal, *_ = row
    return Digest(
        last=record_from((openid, worker, opercode, words, time, ordinal)),
        last_customer_time=row[6],
        unanswered_since=row[7],
        unanswered_count=row[8],
        agent_sends=row[9],
        visits=row[10],
        last_agent=None if row[11] is None else AgentId(row[11]),
        last_visit=row[12],
    )
