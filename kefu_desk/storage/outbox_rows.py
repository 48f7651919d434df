"""Rows of the outbox as values, and the one place where a row takes a step."""

import sqlite3

import msgspec

from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId
from kefu_desk.domain.outbox import Decision, OutboxItem, Proof, SendState
from kefu_desk.domain.text import text as phrase

COLUMNS = (
    "id, openid, agent, text, created, state, attempts, started, settled, failure, parent, evidence,"
    " lines, asked, proof, decision"
)
SETTLED = frozenset(
    {SendState.SENT, SendState.FAILED, SendState.CANCELLED, SendState.RESOLVED, SendState.PARKED}
)

Row = tuple[
    int, str, str, str, float, str, int, float | None, float | None, str | None, int | None, int,
    int, float | None, str | None, str | None,
]  # fmt: skip


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
    proof: Proof | None = None,
    decision: Decision | None = None,
) -> None:
    """Writes the new state of a row; the schema refuses an illegal step once more."""
    started = before.started
    if after is SendState.SENDING:
        started = now
    elif after is SendState.QUEUED:
        started = None
    decided = decision if decision is not None else before.decision
    connection.execute(
        "UPDATE outbox SET state = ?, attempts = ?, started = ?, settled = ?, failure = ?, proof = ?,"
        " decision = ? WHERE id = ?",
        (
            after.value,
            before.attempts + (after is SendState.SENDING),
            started,
            now if after in SETTLED else None,
            None if failure is None else msgspec.json.encode(failure).decode(),
            proof,
            decided,
            before.id,
        ),
    )


def item_from(row: Row) -> OutboxItem:
    """One row as a value."""
    number, openid, agent, words, created, state, attempts, started, settled, failure = row[:10]
    parent, evidence, lines, asked, proof, decision = row[10:]
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
        lines=lines,
        asked=asked,
        proof=None if proof is None else Proof(proof),
        decision=None if decision is None else Decision(decision),
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
