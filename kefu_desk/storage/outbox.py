"""The durable outbox: every step is on disk before anybody acts on it."""

import sqlite3
from collections.abc import Iterable

from kefu_desk.domain.calibration import Calibration
from kefu_desk.domain.failure import Effect, Failure
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId
from kefu_desk.domain.messages import RecordKey
from kefu_desk.domain.outbox import (
    Decision,
    OutboxItem,
    Proof,
    SendState,
    may_follow,
)
from kefu_desk.storage.database import Database
from kefu_desk.storage.drafts import draft_of, write_draft
from kefu_desk.storage.outbox_rows import item_of, moved_on, select, write_step

UNCLAIMED_PER_CUSTOMER = 50
"""Should WeChat never list sends made through the API, the sends without a record must not grow for ever."""

KEEPS_FAILURE = frozenset({SendState.RESOLVED, SendState.CANCELLED, SendState.PARKED})
CALIBRATED_SENDS = 200
RECENT_SENDS = 5000
"""How far back a start looks for sends that still matter."""

STILL_OPEN = "state IN ('held', 'queued', 'sending', 'unknown', 'parked')"
SETTLED_LAG = 180.0
"""Seconds after which a send that no record shows counts as not shown (reliability 1.7)."""


class SqliteOutbox:
    """The outbox in its own file, which must be open with `synchronous="FULL"` (reliability 5.9)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enqueue(
        self,
        openid: OpenId,
        agent: AgentId,
        text: str,
        *,
        now: float,
        parent: OutboxId | None = None,
        state: SendState = SendState.QUEUED,
    ) -> OutboxItem:
        """Stores a new send as queued, held or parked; it is on disk when this returns.

        A draft of the same words goes in the same step: after a crash a text is never both. So is a parent
        resolved in it: a text is sent again once, however often that is asked.

        Raises:
            DeskError: category STORAGE; also when the parent has been settled before.
        """

        def unit(connection: sqlite3.Connection) -> OutboxItem:
            cursor = connection.execute(
                "INSERT INTO outbox (openid, agent, text, created, parent, state) VALUES (?, ?, ?, ?, ?, ?)",
                (openid, agent, text, now, parent, state.value),
            )
            if parent is not None:
                again = Decision.AGAIN if state is SendState.QUEUED else Decision.LEFT
                resolve(connection, parent, now=now, decision=again)
            forget_draft(connection, openid, text)
            return item_of(connection, OutboxId(cursor.lastrowid or 0))

        return await self._database.transact(unit)

    async def join(self, item: OutboxId, words: str) -> OutboxItem:
        """Adds a line to a send that is still held, durably, and forgets the draft of that line.

        Raises:
            DeskError: category STORAGE; also when the send is no longer held.
        """

        def unit(connection: sqlite3.Connection) -> OutboxItem:
            before = item_of(connection, item)
            if before.state is not SendState.HELD:
                raise moved_on(before, SendState.HELD)
            connection.execute(
                "UPDATE outbox SET text = ?, lines = lines + 1 WHERE id = ?",
                (f"{before.text}\n{words}", item),
            )
            forget_draft(connection, before.openid, words)
            return item_of(connection, item)

        return await self._database.transact(unit)

    async def take_back(self, items: Iterable[OutboxId], *, now: float) -> tuple[tuple[OutboxItem, ...], str]:
        """Puts the words of a customer's sends behind the draft; cancels them, or resolves what had failed.

        All in one step: a text is never lost between the two. Those that have moved on are left alone.
        Returns what was taken back and the draft as it is now.
        """
        wanted = tuple(items)

        def unit(connection: sqlite3.Connection) -> tuple[tuple[OutboxItem, ...], str]:
            found = [item_of(connection, item) for item in wanted]
            free = [
                i for i in found if i.state is SendState.FAILED or may_follow(i.state, SendState.CANCELLED)
            ]
            for item in free:
                failed = item.state is SendState.FAILED
                after = SendState.RESOLVED if failed else SendState.CANCELLED
                left = Decision.LEFT if failed else None
                write_step(connection, item, after, now=now, failure=item.failure, decision=left)
            openid = found[0].openid if found else OpenId("")
            draft = draft_of(connection, openid)
            if free:
                draft = "\n".join(part for part in (draft.rstrip(), *(i.text for i in free)) if part)
                write_draft(connection, openid, draft)
            return tuple(item_of(connection, item.id) for item in free), draft

        return await self._database.transact(unit)

    async def move(
        self,
        item: OutboxId,
        to: SendState,
        *,
        now: float,
        failure: Failure | None = None,
        decision: Decision | None = None,
    ) -> OutboxItem:
        """Makes one legal step durable and returns the row as it is now.

        `to=SENDING` counts an attempt and sets the start time. A send that a record already explains becomes
        sent where it would become unknown. Resolving or cancelling keeps the failure unless one is given.

        Raises:
            DeskError: category STORAGE; also when the row has moved on so that the step is no longer legal.
        """

        def unit(connection: sqlite3.Connection) -> OutboxItem:
            before = item_of(connection, item)
            explained = to is SendState.UNKNOWN and before.evidence
            after = SendState.SENT if explained else to
            if not may_follow(before.state, after):
                raise moved_on(before, after)
            reason = before.failure if failure is None and after in KEEPS_FAILURE else failure
            proof = None
            if after is SendState.SENT:
                proof = Proof.RECORD if explained else Proof.REPLY
            write_step(connection, before, after, now=now, failure=reason, proof=proof, decision=decision)
            return item_of(connection, item)

        return await self._database.transact(unit, vital=to is not SendState.SENDING)

    async def refuse(self, item: OutboxId, failure: Failure, *, now: float) -> tuple[OutboxItem, ...]:
        """Stores that WeChat refused this customer, and parks what waits for them, in one step.

        Returns the failed send and those parked behind it.
        """

        def unit(connection: sqlite3.Connection) -> tuple[OutboxItem, ...]:
            before = item_of(connection, item)
            if not may_follow(before.state, SendState.FAILED):
                raise moved_on(before, SendState.FAILED)
            write_step(connection, before, SendState.FAILED, now=now, failure=failure)
            behind = select(
                connection, "WHERE openid = ? AND state IN ('held', 'queued') ORDER BY id", (before.openid,)
            )
            for waiting in behind:
                write_step(connection, waiting, SendState.PARKED, now=now, failure=failure)
            return tuple(item_of(connection, i.id) for i in (before, *behind))

        return await self._database.transact(unit, vital=True)

    async def ask(self, item: OutboxId, *, now: float) -> OutboxItem:
        """Remembers that the agent was asked about a send of unknown outcome."""

        def unit(connection: sqlite3.Connection) -> OutboxItem:
            connection.execute(
                "UPDATE outbox SET asked = ? WHERE id = ? AND state = 'unknown' AND asked IS NULL",
                (now, item),
            )
            return item_of(connection, item)

        return await self._database.transact(unit)

    async def claim(self, item: OutboxId, record: RecordKey, *, now: float | None) -> OutboxItem:
        """Ties a record to a send so that both are shown as one; unknown or resolved becomes sent.

        The time of the record is when it was settled, `now` when the record was seen, or None
        when it may have been there for long. Harmless to repeat for the same pair.

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
            connection.execute("UPDATE outbox SET evidence = 1, seen = ? WHERE id = ?", (now, item))
            if before.state in (SendState.UNKNOWN, SendState.RESOLVED):
                write_step(
                    connection,
                    before,
                    SendState.SENT,
                    now=float(record[3]),
                    failure=before.failure,
                    proof=Proof.RECORD,
                )
            return item_of(connection, item)

        return await self._database.transact(unit)

    async def recover(self, *, now: float, since: float) -> tuple[OutboxItem, ...]:
        """At start: turns sending into unknown and returns what still matters, oldest first.

        That is all open and parked items, and those settled after Unix second `since` that failed, or that
        no record explains yet. Nothing goes back to queued, because the text may have reached WeChat. A send
        under way that a record already explains becomes sent.
        """

        def unit(connection: sqlite3.Connection) -> tuple[OutboxItem, ...]:
            for item in select(connection, "WHERE state = 'sending' ORDER BY id", ()):
                after = SendState.SENT if item.evidence else SendState.UNKNOWN
                proof = Proof.RECORD if item.evidence else None
                write_step(connection, item, after, now=now, failure=item.failure, proof=proof)
            still = select(connection, f"WHERE {STILL_OPEN} ORDER BY id", ())
            recent = select(
                connection,
                "WHERE id > (SELECT max(id) - ? FROM outbox) AND settled >= ?"
                " AND (state = 'failed' OR (evidence = 0 AND state IN ('sent', 'resolved')))",
                (RECENT_SENDS, since),
            )
            return tuple(sorted((*still, *recent), key=lambda item: item.id))

        return await self._database.transact(unit)

    async def calibration(self, *, now: float) -> Calibration:
        """What the records have shown so far of sends that WeChat had accepted (reliability 1.7)."""

        def unit(connection: sqlite3.Connection) -> Calibration:
            newest = (
                "SELECT evidence, seen - settled FROM outbox WHERE state = 'sent' AND proof = 'reply'"
                " AND (evidence = 1 OR settled <= ?) ORDER BY id DESC LIMIT ?"
            )
            rows = connection.execute(newest, (now - SETTLED_LAG, CALIBRATED_SENDS)).fetchall()
            busy, arrived = connection.execute(
                "SELECT count(*), coalesce(sum(proof = 'record'), 0) FROM outbox"
                " WHERE failure IS NOT NULL AND state IN ('sent', 'unknown', 'resolved')"
                " AND json_extract(failure, '$.code') = -1"
            ).fetchone()
            lags = sorted(max(0.0, lag) for seen, lag in rows if seen and lag is not None)
            return Calibration(len(rows), sum(seen for seen, _ in rows), tuple(lags), busy, arrived)

        return await self._database.read(unit)

    async def of_number(self, item: OutboxId) -> OutboxItem:
        """One send; a number that was never given out is a fault of ours."""
        return await self._database.read(lambda connection: item_of(connection, item))

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


def forget_draft(connection: sqlite3.Connection, openid: OpenId, words: str) -> None:
    """The draft of the words that are a send now."""
    if draft_of(connection, openid).strip() == words.strip():
        connection.execute("DELETE FROM draft WHERE openid = ?", (openid,))


def resolve(
    connection: sqlite3.Connection, item: OutboxId, *, now: float, decision: Decision | None = None
) -> None:
    """Settles a send by hand, once."""
    before = item_of(connection, item)
    if not may_follow(before.state, SendState.RESOLVED):
        raise moved_on(before, SendState.RESOLVED)
    write_step(connection, before, SendState.RESOLVED, now=now, failure=before.failure, decision=decision)
