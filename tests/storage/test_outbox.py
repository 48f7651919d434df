import itertools
import signal
import sqlite3
import subprocess
import sys
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path

import pytest
from msgspec import structs

from kefu_desk.domain.failure import Action, Category, DeskError, Effect, Failure
from kefu_desk.domain.messages import OperCode, Record, RecordKey, record_key
from kefu_desk.domain.outbox import LEGAL, OPEN, OutboxItem, SendState
from kefu_desk.domain.text import text, verbatim
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.drafts import SqliteDrafts
from kefu_desk.storage.outbox import UNCLAIMED_PER_CUSTOMER, SqliteOutbox

FAILURE = Failure(
    Category.IP_REFUSED,
    text("x.counted", 3, ip="1.2.3.4", inner=text("x.inner", left=2, words=verbatim("原话"))),
    effect=Effect.MAYBE,
    code=40164,
    rid="rid-1",
    detail="invalid ip 1.2.3.4",
    subject="1.2.3.4",
    action=Action.COPY_IP,
)
PATHS = {
    SendState.QUEUED: (),
    SendState.SENDING: (SendState.SENDING,),
    SendState.SENT: (SendState.SENDING, SendState.SENT),
    SendState.FAILED: (SendState.SENDING, SendState.FAILED),
    SendState.UNKNOWN: (SendState.SENDING, SendState.UNKNOWN),
    SendState.CANCELLED: (SendState.CANCELLED,),
    SendState.RESOLVED: (SendState.SENDING, SendState.UNKNOWN, SendState.RESOLVED),
}


async def item_in(outbox: SqliteOutbox, state: SendState, openid: str = "o1") -> OutboxItem:
    item = await outbox.enqueue(openid, "a@b", "hello", now=10.0)
    for step in PATHS[state]:
        item = await outbox.move(item.id, step, now=11.0)
    return item


def record(openid: str = "o1", time: int = 20, ordinal: int = 0) -> RecordKey:
    return record_key(Record(openid, "a@b", OperCode.AGENT_SENT, "hello", time, ordinal))


async def test_a_new_send_is_queued_and_stored(outbox: SqliteOutbox) -> None:
    first = await outbox.enqueue("o1", "a@b", "你好 😀\n第二行\0", now=1.5)
    again = await outbox.enqueue("o1", "a@b", "again", now=2.5)
    assert (first.state, first.attempts, first.created, first.parent) == (SendState.QUEUED, 0, 1.5, None)
    assert again.id > first.id
    assert await outbox.of_customer("o1", 10) == (first, again)
    assert (await outbox.of_customer("o1", 10))[0].text == "你好 😀\n第二行\0"


@pytest.mark.parametrize("state", [SendState.FAILED, SendState.UNKNOWN])
async def test_a_text_is_sent_again_once(outbox: SqliteOutbox, state: SendState) -> None:
    first = await item_in(outbox, state)
    again = await outbox.enqueue("o1", "a@b", "hello", now=20.0, parent=first.id)
    assert again.parent == first.id
    settled, queued = await outbox.of_customer("o1", 10)
    assert (settled.state, settled.failure, queued) == (SendState.RESOLVED, first.failure, again)
    with pytest.raises(DeskError):
        await outbox.enqueue("o1", "a@b", "hello", now=21.0, parent=first.id)
    assert await outbox.of_customer("o1", 10) == (settled, queued)


@pytest.mark.parametrize("state", [SendState.QUEUED, SendState.SENDING, SendState.SENT])
async def test_what_may_still_arrive_is_not_sent_again(outbox: SqliteOutbox, state: SendState) -> None:
    first = await item_in(outbox, state)
    with pytest.raises(DeskError):
        await outbox.enqueue("o1", "a@b", "hello", now=20.0, parent=first.id)
    assert await outbox.of_customer("o1", 10) == (first,)


async def test_the_newest_sends_of_one_customer_oldest_first(outbox: SqliteOutbox) -> None:
    for number in range(5):
        await outbox.enqueue("o1", "a@b", str(number), now=1.0)
        await outbox.enqueue("o2", "a@b", "other", now=1.0)
    assert [item.text for item in await outbox.of_customer("o1", 3)] == ["2", "3", "4"]


async def test_what_each_step_writes(outbox: SqliteOutbox) -> None:
    item = await outbox.enqueue("o1", "a@b", "hello", now=1.0)
    item = await outbox.move(item.id, SendState.SENDING, now=2.0)
    assert (item.attempts, item.started, item.settled, item.failure) == (1, 2.0, None, None)
    item = await outbox.move(item.id, SendState.QUEUED, now=3.0, failure=FAILURE)
    assert (item.attempts, item.started, item.settled, item.failure) == (1, None, None, FAILURE)
    item = await outbox.move(item.id, SendState.SENDING, now=4.0)
    assert (item.attempts, item.started, item.settled, item.failure) == (2, 4.0, None, None)
    item = await outbox.move(item.id, SendState.UNKNOWN, now=5.0, failure=FAILURE)
    assert (item.attempts, item.started, item.settled, item.failure) == (2, 4.0, None, FAILURE)
    item = await outbox.move(item.id, SendState.RESOLVED, now=6.0)
    assert (item.attempts, item.started, item.settled, item.failure) == (2, 4.0, 6.0, FAILURE)
    item = await outbox.move(item.id, SendState.SENT, now=7.0)
    assert (item.attempts, item.started, item.settled, item.failure) == (2, 4.0, 7.0, None)
    assert await outbox.of_customer("o1", 1) == (item,)


async def test_a_failure_of_another_version_leaves_the_send_readable(
    outbox: SqliteOutbox, outbox_file: Database
) -> None:
    item = await item_in(outbox, SendState.FAILED)
    stored = '{"category":"invented","text":{"key":"x"}}'
    await outbox_file.transact(lambda c: c.execute("UPDATE outbox SET failure = ?", (stored,)))
    (found,) = await outbox.of_customer("o1", 1)
    assert found.failure == Failure(Category.INTERNAL, text("failure.outbox.forgotten"), detail=stored)
    assert structs.replace(found, failure=None) == item


@pytest.mark.parametrize(("before", "after"), list(itertools.product(SendState, SendState)))
async def test_move_and_trigger_allow_what_the_domain_allows(
    outbox: SqliteOutbox, outbox_file: Database, before: SendState, after: SendState
) -> None:
    item = await item_in(outbox, before)
    legal = after in LEGAL[before]

    def unit(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE outbox SET state = ? WHERE id = ?", (after.value, item.id))
        raise ZeroDivisionError  # undone again

    with pytest.raises(ZeroDivisionError if legal else sqlite3.IntegrityError):
        await outbox_file.transact(unit)

    if legal:
        assert (await outbox.move(item.id, after, now=50.0)).state is after
    else:
        with pytest.raises(DeskError) as caught:
            await outbox.move(item.id, after, now=50.0)
        assert caught.value.failure.text.key == "failure.outbox.moved_on"
        assert await outbox.of_customer("o1", 1) == (item,)


@pytest.mark.parametrize(
    "change",
    [
        "openid = 'o9'",
        "agent = 'x@y'",
        "text = 'other'",
        "created = 0",
        "parent = 1",
        "parent = NULL",
        "id = 99",
    ],
)
async def test_the_content_of_a_row_never_changes(
    outbox: SqliteOutbox, outbox_file: Database, change: str
) -> None:
    first = await item_in(outbox, SendState.FAILED)
    await outbox.enqueue("o1", "a@b", "again", now=1.0, parent=first.id)
    which = 1 if change == "parent = 1" else 2
    with pytest.raises(sqlite3.IntegrityError, match="never changes"):
        await outbox_file.transact(lambda c: c.execute(f"UPDATE outbox SET {change} WHERE id = {which}"))


@pytest.mark.parametrize(
    "columns", ["state = 'lost'", "attempts = -1", "failure = 'not json'", "evidence = 2"]
)
async def test_the_schema_refuses_nonsense(outbox: SqliteOutbox, outbox_file: Database, columns: str) -> None:
    await outbox.enqueue("o1", "a@b", "hello", now=1.0)
    with pytest.raises(sqlite3.IntegrityError):
        await outbox_file.transact(lambda c: c.execute(f"UPDATE outbox SET {columns}"))


async def test_an_unknown_parent_or_an_empty_text_is_a_fault_of_ours(outbox: SqliteOutbox) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await outbox.enqueue("o1", "a@b", "hello", now=1.0, parent=7)
    with pytest.raises(sqlite3.IntegrityError):
        await outbox.enqueue("o1", "a@b", "", now=1.0)
    with pytest.raises(LookupError):
        await outbox.move(7, SendState.SENDING, now=1.0)


async def test_restart_turns_sending_into_unknown_and_never_into_queued(tmp_path: Path) -> None:
    def opened() -> AbstractAsyncContextManager[Database]:
        return Database.open(tmp_path / "outbox.db", schema=OUTBOX_SCHEMA, synchronous="FULL")

    async with opened() as database:
        before = [await item_in(SqliteOutbox(database), state) for state in SendState]
    async with opened() as database:
        outbox = SqliteOutbox(database)
        recovered = await outbox.recover(now=99.0)
        after = await outbox.of_customer("o1", 100)
    expected = [
        structs.replace(item, state=SendState.UNKNOWN) if item.state is SendState.SENDING else item
        for item in before
    ]
    assert list(after) == expected
    assert list(recovered) == [item for item in expected if item.state in OPEN]


async def test_a_send_under_way_that_a_record_explains_is_sent_after_a_restart(outbox: SqliteOutbox) -> None:
    item = await item_in(outbox, SendState.SENDING)
    claimed = await outbox.claim(item.id, record())
    assert (claimed.state, claimed.evidence) == (SendState.SENDING, True)
    assert await outbox.recover(now=99.0) == ()
    assert (await outbox.of_customer("o1", 1))[0].state is SendState.SENT


@pytest.mark.parametrize("state", [SendState.UNKNOWN, SendState.RESOLVED])
async def test_a_record_makes_an_unclear_send_sent(outbox: SqliteOutbox, state: SendState) -> None:
    item = await item_in(outbox, state)
    claimed = await outbox.claim(item.id, record(time=20))
    assert (claimed.state, claimed.evidence, claimed.settled) == (SendState.SENT, True, 20.0)
    assert claimed.started == item.started


async def test_a_record_under_a_send_under_way_answers_for_it_later(outbox: SqliteOutbox) -> None:
    item = await item_in(outbox, SendState.SENDING)
    await outbox.claim(item.id, record())
    moved = await outbox.move(item.id, SendState.UNKNOWN, now=30.0, failure=FAILURE)
    assert (moved.state, moved.failure) == (SendState.SENT, None)


async def test_a_record_and_a_send_belong_to_one_another_only(outbox: SqliteOutbox) -> None:
    one, two = [await item_in(outbox, SendState.SENT) for _ in range(2)]
    first = await outbox.claim(one.id, record())
    assert await outbox.claim(one.id, record()) == first
    with pytest.raises(sqlite3.IntegrityError):
        await outbox.claim(two.id, record())
    with pytest.raises(sqlite3.IntegrityError):
        await outbox.claim(one.id, record(ordinal=1))
    await outbox.claim(two.id, record(ordinal=1))
    await outbox.claim((await item_in(outbox, SendState.SENT, "o2")).id, record("o2"))
    found = await outbox.claimed_records("o1")
    assert found == {record(), record(ordinal=1)}
    assert found & {record()}  # equal to and as hashable as the domain's own key


async def test_unclaimed_sends_of_the_wanted_customers(outbox: SqliteOutbox) -> None:
    wanted = [await item_in(outbox, state, "o1") for state in SendState]
    other = await item_in(outbox, SendState.SENT, "o2")
    await item_in(outbox, SendState.SENT, "o3")
    found = await outbox.unclaimed(["o2", "o1", "o1", "nobody"])
    matching = {SendState.SENDING, SendState.SENT, SendState.UNKNOWN, SendState.RESOLVED}
    assert list(found) == [item for item in wanted if item.state in matching] + [other]
    await outbox.claim(other.id, record("o2"))
    assert await outbox.unclaimed(["o2"]) == ()


async def test_a_refusal_laid_aside_waits_for_no_record(outbox: SqliteOutbox) -> None:
    refused = structs.replace(FAILURE, effect=Effect.NONE)
    for failure, expected in ((refused, 0), (FAILURE, 1)):
        item = await item_in(outbox, SendState.SENDING)
        await outbox.move(item.id, SendState.FAILED, now=12.0, failure=failure)
        await outbox.move(item.id, SendState.RESOLVED, now=13.0)
        assert len(await outbox.unclaimed(["o1"])) == expected


async def test_sends_that_never_get_a_record_do_not_pile_up(
    outbox: SqliteOutbox, outbox_file: Database
) -> None:
    def unit(connection: sqlite3.Connection) -> None:
        row = ("o1", "a@b", "hello", 1.0, "sent")
        for _ in range(UNCLAIMED_PER_CUSTOMER + 5):
            connection.execute(
                "INSERT INTO outbox (openid, agent, text, created, state) VALUES (?,?,?,?,?)", row
            )

    await outbox_file.transact(unit)
    found = [item.id for item in await outbox.unclaimed(["o1"])]
    assert found == list(range(6, UNCLAIMED_PER_CUSTOMER + 6))


async def test_a_draft_of_the_same_words_becomes_the_send(
    outbox: SqliteOutbox, outbox_file: Database
) -> None:
    drafts = SqliteDrafts(outbox_file)
    await drafts.keep("o1", "hello\n")
    await drafts.keep("o2", "hello")
    await outbox.enqueue("o1", "a@b", "hello", now=1.0)
    await outbox.enqueue("o2", "a@b", "a quick reply", now=1.0)
    assert await drafts.load() == {"o2": "hello"}


KILLED = """
import asyncio, sys
from pathlib import Path
from kefu_desk.domain.outbox import SendState
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.outbox import SqliteOutbox

async def work(outbox, name):
    for number in range(100_000):
        item = await outbox.enqueue(name, "a@b", f"{name} {number}", now=1.0)
        print(item.id, item.state.value, flush=True)
        for state in (SendState.SENDING, SendState.UNKNOWN if number % 3 else SendState.SENT):
            item = await outbox.move(item.id, state, now=2.0)
            print(item.id, item.state.value, flush=True)

async def main():
    async with Database.open(Path(sys.argv[1]), schema=OUTBOX_SCHEMA, synchronous="FULL") as database:
        outbox = SqliteOutbox(database)
        await outbox.recover(now=1.0)
        async with asyncio.TaskGroup() as group:
            for name in ("o1", "o2", "o3"):
                group.create_task(work(outbox, name))

asyncio.run(main())
"""


def told_before_the_kill(path: Path, lines: int) -> dict[int, str]:
    """What a process said was on disk before it was killed in the middle of its work."""
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        told += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL
    return {int(line.split()[0]): line.split()[1] for line in told if line.endswith("\n")}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
async def test_what_was_told_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    for lines in (1, 5, 50, 111, 200):
        told = told_before_the_kill(path, lines)
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            stored = dict(connection.execute("SELECT id, state FROM outbox").fetchall())
        for number, state in told.items():
            now = SendState(stored[number])
            assert now == state or now in reachable(SendState(state)), (number, state, now)
        async with Database.open(path, schema=OUTBOX_SCHEMA, synchronous="FULL") as database:
            outbox = SqliteOutbox(database)
            open_items = {item.id: item.state for item in await outbox.recover(now=3.0)}
        for number, state in stored.items():
            after = {"sending": "unknown"}.get(state, state)
            assert open_items.get(number, "sent") == after


def reachable(state: SendState) -> frozenset[SendState]:
    """The one or two steps that the process may have committed without being able to tell."""
    return LEGAL[state] | frozenset(later for step in LEGAL[state] for later in LEGAL[step])
