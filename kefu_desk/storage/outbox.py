"""The durable outbox: every step is on disk before anybody acts on it."""

import sqlite3
from collections.abc import Iterable

import msgspec

from kefu_desk.domain.failure import Category, DeskError, Effect, Failure
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId
from kefu_desk.domain.messages import RecordKey
from kefu_desk.domain.outbox import OutboxItem, SendState, may_follow
from kefu_desk.domain.text import text as phrase
from kefu_desk.storage.database import Database

COLUMNS = "id, openid, agent, text, created, state, attempts, started, settled, failure, parent, evidence"
UNCLAIMED_PER_CUSTOMER = 50
"""Should WeChat never list sends made through the API, the sends without a record must not grow for ever."""

SETTLED = frozenset({SendState.SENT, SendState.FAILED, SendState.CANCELLED, SendState.RESOLVED})
KEEPS_FAILURE = frozenset({SendState.RESOLVED, SendState.CANCELLED})

Row = tuple[int, str, str, str, float, str, int, float | None, float | None, str | None, int | None, int]


class SqliteOutbox:
    """The outbox in its own file, which must be open with `synchronous="FULL"` (reliability 5.9)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enqueue(
        self, openid: OpenId, agent: AgentId, text: str, *, now: float, parent: OutboxId | None = None
    ) -> OutboxItem:
        """Stores a new send as queued; it is on disk when this returns.

        A draft of the same words goes in the same step: after a crash a text is never both. So is a parent
        resolved in it: a text is sent again once, however often that is asked.

        Raises:
            DeskError: category STORAGE; also when the parent has been settled before.
        """

        def unit(connection: sqlite3.Connection) -> OutboxItem:
            cursor = connection.execute(
                "INSERT INTO outbox (openid, agent, text, created, parent) VALUES (?, ?, ?, ?, ?)",
                (openid, agent, text, now, parent),
            )
            if parent is not None:
                resolve(connection, parent, now=now)
            draft = connection.execute("SELECT words FROM draft WHERE openid = ?", (openid,)).fetchone()
            if draft is not None and draft[0].strip() == text.strip():
                connection.execute("DELETE FROM draft WHERE openid = ?", (openid,))
            return item_of(connection, OutboxId(cursor.lastrowid or 0))

        return await self._database.transact(unit)

    async def move(
        self, item: OutboxId, to: SendState, *, now: float, failure: Failure | None = None
    ) -> OutboxItem:
        """Makes one legal step durable and returns the row as it is now.

        `to=SENDING` counts an attempt and sets the start time. A send that a record already explains becomes
        sent where it would become unknown. Resolving or cancelling keeps the failure unless one is given.

        Raises:
            DeskError: category STORAGE; also when the row has moved on so that the step is no longer legal.
        """

        def unit(connection: sqlite3.Connection) -> OutboxItem:
            before = item_of(connection, item)
            after = SendState.SENT if to is SendState.UNKNOWN and before.evidence else to
            if not may_follow(before.state, after):
                raise moved_on(before, after)
            reason = before.failure if failure is None and after in KEEPS_FAILURE else failure
            write_step(
                connection, before, after, now=now, failure=None if after is SendState.SENT else reason
            )
            return item_of(connection, item)

        return await self._database.transact(unit)

    async def claim(self, item: OutboxId, record: RecordKey) -> OutboxItem:
        """Ties a record to a send so that both are shown as one; unknown or resolved becomes sent.

        The time of the record is when it was settled. Harmless to repeat for the same pair.

        Raises:
            sqlite3.IntegrityError: when the record or the send is already tied to another.
        """

        def unit(connection: sqlite3.Connection) -> OutboxItem:
            before = item_of(connection, item)
            known = connection.execute(
                "SELECT openid, worker, opercode, time, text, ordinal FROM claim WHERE item = ?", (item,)
            )
            if known.fetchone() == wire_order(record):
                return before
            connection.execute(
                "INSERT INTO claim (openid, worker, opercode, time, text, ordinal, item)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*wire_order(record), item),
            )
            connection.execute("UPDATE outbox SET evidence = 1 WHERE id = ?", (item,))
            if before.state in (SendState.UNKNOWN, SendState.RESOLVED):
                write_step(connection, before, SendState.SENT, now=float(record[3]), failure=None)
            return item_of(connection, item)

        return await self._database.transact(unit)

    async def recover(self, *, now: float) -> tuple[OutboxItem, ...]:
        """At start: turns sending into unknown and returns all open items, oldest first.

        Nothing goes back to queued, because the text may have reached WeChat. A send under way that a record
        already explains becomes sent.
        """

        def unit(connection: sqlite3.Connection) -> tuple[OutboxItem, ...]:
            for item in select(connection, "WHERE state = 'sending' ORDER BY id", ()):
                after = SendState.SENT if item.evidence else SendState.UNKNOWN
                write_step(connection, item, after, now=now, failure=item.failure)
            return select(connection, "WHERE state IN ('queued', 'sending', 'unknown') ORDER BY id", ())

        return await self._database.transact(unit)

    async def of_customer(self, openid: OpenId, limit: int) -> tuple[OutboxItem, ...]:
        """The newest sends to a customer, oldest first."""

        def unit(connection: sqlite3.Connection) -> tuple[OutboxItem, ...]:
            return select(connection, "WHERE openid = ? ORDER BY id DESC LIMIT ?", (openid, limit))[::-1]

        return await self._database.read(unit)

    async def unclaimed(self, openids: Iterable[OpenId]) -> tuple[OutboxItem, ...]:
        """Sent, sending or unknown items without a record yet, oldest first; at most 50 of a customer.

        Also those that a person answered for while unknown: their record may still come (reliability 1.4).
        """
        wanted = tuple(dict.fromkeys(openids))
        where = (
            "WHERE openid = ? AND evidence = 0 AND state IN ('sending', 'sent', 'unknown', 'resolved')"
            " ORDER BY id DESC LIMIT ?"
        )

        def unit(connection: sqlite3.Connection) -> tuple[OutboxItem, ...]:
            found: list[OutboxItem] = []
            for openid in wanted:
                found += select(connection, where, (openid, UNCLAIMED_PER_CUSTOMER))
            return tuple(sorted(filter(may_get_record, found), key=lambda item: item.id))

        return await self._database.read(unit)

    async def claimed_records(self, openid: OpenId) -> frozenset[RecordKey]:
        """The records that sends of this desk already explain."""

        def unit(connection: sqlite3.Connection) -> frozenset[RecordKey]:
            rows = connection.execute(
                "SELECT openid, worker, opercode, time, text, ordinal FROM claim WHERE openid = ?", (openid,)
            )
            return frozenset(tuple(row) for row in rows)

        return await self._database.read(unit)


def may_get_record(item: OutboxItem) -> bool:
    """Whether WeChat may have taken the text; not so when a refusal was laid aside by a person."""
    refused = item.failure is not None and item.failure.effect is Effect.NONE
    return item.state is not SendState.RESOLVED or not refused


def wire_order(record: RecordKey) -> RecordKey:
    """A record's identity with plain numbers, in the order of the columns."""
    openid, worker, opercode, time, words, ordinal = record
    return (openid, worker, int(opercode), int(time), words, int(ordinal))


def resolve(connection: sqlite3.Connection, item: OutboxId, *, now: float) -> None:
    """Settles a send by hand, once."""
    before = item_of(connection, item)
    if not may_follow(before.state, SendState.RESOLVED):
        raise moved_on(before, SendState.RESOLVED)
    write_step(connection, before, SendState.RESOLVED, now=now, failure=before.failure)


def select(
    connection: sqlite3.Connection, where: str, parameters: tuple[object, ...]
) -> tuple[OutboxItem, ...]:
    """Rows as values."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM outbox {where}", parameters)  # noqa: S608  our own words
    return tuple(item_from(row) for row in rows)


def item_of(connection: sqlite3.Connection, item: OutboxId) -> OutboxItem:
    """The row of that number; a number that was never given out is a fault of ours."""
    found = select(connection, "WHERE id = ?", (item,))
    if not found:
        raise LookupError(f"no outbox row {item}")
    return found[0]


def write_step(
    connection: sqlite3.Connection,
    before: OutboxItem,
    after: SendState,
    *,
    now: float,
    failure: Failure | None,
) -> None:
    """Writes the new state of a row; the schema refuses an illegal step once more."""
    started = before.started
    if after is SendState.SENDING:
        started = now
    elif after is SendState.QUEUED:
        started = None
    connection.execute(
        "UPDATE outbox SET state = ?, attempts = ?, started = ?, settled = ?, failure = ? WHERE id = ?",
        (
            after.value,
            before.attempts + (after is SendState.SENDING),
            started,
            now if after in SETTLED else None,
            None if failure is None else msgspec.json.encode(failure).decode(),
            before.id,
        ),
    )


def item_from(row: Row) -> OutboxItem:
    """One row as a value."""
    number, openid, agent, words, created, state, attempts, started, settled, failure, parent, evidence = row
    return OutboxItem(
        id=OutboxId(number),
        openid=OpenId(openid),
        agent=AgentId(agent),
        text=words,
        created=created,
        state=SendState(state),
        attempts=attempts,
        started=started,
        settled=settled,
        failure=None if failure is None else failure_from(failure),
        parent=None if parent is None else OutboxId(parent),
        evidence=bool(evidence),
    )


def failure_from(stored: str) -> Failure:
    """A stored failure; one that this version cannot read still leaves the send readable."""
    try:
        return msgspec.json.decode(stored, type=Failure)
    except msgspec.MsgspecError:
        return Failure(Category.INTERNAL, phrase("failure.outbox.forgotten"), detail=stored[:500])


def moved_on(before: OutboxItem, after: SendState) -> DeskError:
    """The refusal of a step that came too late, such as cancelling a send that is already under way."""
    detail = f"outbox {before.id}: {before.state.value} to {after.value}"
    return DeskError(Failure(Category.STORAGE, phrase("failure.outbox.moved_on"), detail=detail))
