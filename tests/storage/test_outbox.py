import itertools
import signal
import sqlite3
import subprocess
import sys
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path

import pytest
from msgspec import structs

from kefu_desk.domain.calibration import Visibility
from kefu_desk.domain.failure import Action, Category, DeskError, Effect, Failure
from kefu_desk.domain.messages import OperCode, Record, RecordKey, record_key
from kefu_desk.domain.outbox import LEGAL, Decision, OutboxItem, Proof, SendState
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
    SendState.HELD: (),
    SendState.PARKED: (),
    SendState.QUEUED: (),
    SendState.SENDING: (SendState.SENDING,),
    SendState.SENT: (SendState.SENDING, SendState.SENT),
    SendState.FAILED: (SendState.SENDING, SendState.FAILED),
    SendState.UNKNOWN: (SendState.SENDING, SendState.UNKNOWN),
    SendState.CANCELLED: (SendState.CANCELLED,),
    SendState.RESOLVED: (SendState.SENDING, SendState.UNKNOWN, SendState.RESOLVED),
}


async def item_in(outbox: SqliteOutbox, state: SendState, openid: str = "o1") -> OutboxItem:
    begin = state if state in (SendState.HELD, SendState.PARKED) else SendState.QUEUED
    item = await outbox.enqueue(openid, "a@b", "hello", now=10.0, state=begin)
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
        recovered = await outbox.recover(now=99.0, since=0.0)
        after = await outbox.of_customer("o1", 100)
    expected = [
        structs.replace(item, state=SendState.UNKNOWN) if item.state is SendState.SENDING else item
        for item in before
    ]
    assert list(after) == expected
    assert list(recovered) == [item for item in expected if item.state is not SendState.CANCELLED]


async def test_a_send_under_way_that_a_record_explains_is_sent_after_a_restart(outbox: SqliteOutbox) -> None:
    item = await item_in(outbox, SendState.SENDING)
    claimed = await outbox.claim(item.id, record(), now=30.0)
    assert (claimed.state, claimed.evidence) == (SendState.SENDING, True)
    assert await outbox.recover(now=99.0, since=0.0) == ()
    assert (await outbox.of_customer("o1", 1))[0].state is SendState.SENT


@pytest.mark.parametrize("state", [SendState.UNKNOWN, SendState.RESOLVED])
async def test_a_record_makes_an_unclear_send_sent(outbox: SqliteOutbox, state: SendState) -> None:
    item = await item_in(outbox, state)
    claimed = await outbox.claim(item.id, record(time=20), now=30.0)
    assert (claimed.state, claimed.evidence, claimed.settled) == (SendState.SENT, True, 20.0)
    assert claimed.proof is Proof.RECORD
    assert claimed.started == item.started


async def test_a_record_under_a_send_under_way_answers_for_it_later(outbox: SqliteOutbox) -> None:
    item = await item_in(outbox, SendState.SENDING)
    await outbox.claim(item.id, record(), now=30.0)
    moved = await outbox.move(item.id, SendState.UNKNOWN, now=30.0, failure=FAILURE)
    assert (moved.state, moved.proof, moved.failure) == (SendState.SENT, Proof.RECORD, FAILURE)


async def test_a_record_and_a_send_belong_to_one_another_only(outbox: SqliteOutbox) -> None:
    one, two = [await item_in(outbox, SendState.SENT) for _ in range(2)]
    first = await outbox.claim(one.id, record(), now=30.0)
    assert await outbox.claim(one.id, record(), now=30.0) == first
    with pytest.raises(sqlite3.IntegrityError):
        await outbox.claim(two.id, record(), now=30.0)
    with pytest.raises(sqlite3.IntegrityError):
        await outbox.claim(one.id, record(ordinal=1), now=30.0)
    await outbox.claim(two.id, record(ordinal=1), now=30.0)
    await outbox.claim((await item_in(outbox, SendState.SENT, "o2")).id, record("o2"), now=30.0)
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
    await outbox.claim(other.id, record("o2"), now=30.0)
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
        await outbox.recover(now=1.0, since=0.0)
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
            open_items = {item.id: item.state for item in await outbox.recover(now=3.0, since=0.0)}
        for number, state in stored.items():
            after = {"sending": "unknown"}.get(state, state)
            assert open_items.get(number, "sent") == after


def reachable(state: SendState) -> frozenset[SendState]:
    """The one or two steps that the process may have committed without being able to tell."""
    return LEGAL[state] | frozenset(later for step in LEGAL[state] for later in LEGAL[step])


async def test_only_the_open_and_the_lately_settled_are_recovered(outbox: SqliteOutbox) -> None:
    old = await item_in(outbox, SendState.FAILED)
    waiting = await item_in(outbox, SendState.QUEUED)
    assert await outbox.recover(now=20.0, since=11.0) == (old, waiting)
    assert await outbox.recover(now=20.0, since=11.1) == (waiting,)


async def test_a_proved_send_is_no_business_of_a_restart(outbox: SqliteOutbox) -> None:
    item = await item_in(outbox, SendState.SENT)
    assert await outbox.recover(now=20.0, since=0.0) == (item,)
    await outbox.claim(item.id, record(), now=30.0)
    assert await outbox.recover(now=20.0, since=0.0) == ()


async def test_a_line_joins_a_held_one_and_its_draft_goes(
    outbox: SqliteOutbox, outbox_file: Database
) -> None:
    drafts = SqliteDrafts(outbox_file)
    held = await item_in(outbox, SendState.HELD)
    await drafts.keep("o1", "world")
    joined = await outbox.join(held.id, "world")
    assert (joined.text, joined.lines, joined.state) == ("hello\nworld", 2, SendState.HELD)
    assert await drafts.load() == {}
    await outbox.move(held.id, SendState.QUEUED, now=12.0)
    with pytest.raises(DeskError):
        await outbox.join(held.id, "late")
    with pytest.raises(sqlite3.IntegrityError, match="never changes"):
        await outbox_file.transact(lambda c: c.execute("UPDATE outbox SET text = 'other'"))


async def test_what_is_taken_back_stands_behind_the_draft(
    outbox: SqliteOutbox, outbox_file: Database
) -> None:
    drafts = SqliteDrafts(outbox_file)
    await drafts.keep("o1", "begun \n")
    states = (SendState.HELD, SendState.PARKED, SendState.FAILED, SendState.SENT, SendState.UNKNOWN)
    items = [await item_in(outbox, state) for state in states]
    taken, draft = await outbox.take_back([item.id for item in items], now=12.0)
    assert [item.id for item in taken] == [item.id for item in items[:3]]
    assert [item.state for item in taken] == [SendState.CANCELLED, SendState.CANCELLED, SendState.RESOLVED]
    assert taken[2].decision is Decision.LEFT
    assert draft == "begun\nhello\nhello\nhello"
    assert await drafts.load() == {"o1": draft}
    assert await outbox.take_back([item.id for item in items], now=13.0) == ((), draft)


async def test_a_refused_customer_parks_what_waits(outbox: SqliteOutbox) -> None:
    first = await item_in(outbox, SendState.SENDING)
    behind = [await item_in(outbox, state) for state in (SendState.QUEUED, SendState.HELD)]
    other = await item_in(outbox, SendState.QUEUED, "o2")
    moved = await outbox.refuse(first.id, FAILURE, now=12.0)
    assert [(i.id, i.state) for i in moved] == [
        (first.id, SendState.FAILED),
        *((i.id, SendState.PARKED) for i in behind),
    ]
    assert all(i.failure == FAILURE for i in moved)
    assert await outbox.of_customer("o2", 1) == (other,)
    with pytest.raises(DeskError):
        await outbox.refuse(first.id, FAILURE, now=13.0)


async def test_a_question_is_asked_once_and_its_answer_stays(outbox: SqliteOutbox) -> None:
    item = await item_in(outbox, SendState.UNKNOWN)
    assert (await outbox.ask(item.id, now=50.0)).asked == 50.0
    assert (await outbox.ask(item.id, now=60.0)).asked == 50.0
    answered = await outbox.move(item.id, SendState.RESOLVED, now=70.0, decision=Decision.ARRIVED)
    assert answered.decision is Decision.ARRIVED
    late = await outbox.claim(item.id, record(), now=80.0)
    assert (late.state, late.proof, late.decision) == (SendState.SENT, Proof.RECORD, Decision.ARRIVED)
    assert (await outbox.ask(item.id, now=90.0)) == late


async def test_what_is_sent_again_says_so(outbox: SqliteOutbox) -> None:
    item = await item_in(outbox, SendState.UNKNOWN)
    await outbox.enqueue("o1", "a@b", "hello", now=20.0, parent=item.id)
    assert (await outbox.of_number(item.id)).decision is Decision.AGAIN


async def test_calibration_counts_what_records_have_shown(outbox: SqliteOutbox) -> None:
    assert (await outbox.calibration(now=0.0)).visibility is Visibility.LEARNING
    for second in range(3):
        item = await item_in(outbox, SendState.SENT)
        await outbox.claim(item.id, record(time=20 + second), now=11.0 + second)
    await item_in(outbox, SendState.SENT)
    busy = Failure(Category.BUSY, text("x"), effect=Effect.MAYBE, code=-1)
    for number in range(2):
        doubtful = await item_in(outbox, SendState.SENDING)
        doubtful = await outbox.move(doubtful.id, SendState.UNKNOWN, now=12.0, failure=busy)
        if number:
            await outbox.claim(doubtful.id, record(time=90), now=95.0)
    early, late = await outbox.calibration(now=12.0), await outbox.calibration(now=11.0 + 180)
    assert (early.confirmed, early.seen, early.lags) == (3, 3, (0.0, 1.0, 2.0))
    assert (late.confirmed, late.seen) == (4, 3)
    assert (late.busy, late.busy_arrived) == (2, 1)
    assert (late.visibility, late.usual, late.horizon) == (Visibility.YES, 1.0, 180.0)


async def test_sends_that_no_record_ever_shows_teach_that(outbox: SqliteOutbox) -> None:
    for _ in range(19):
        await item_in(outbox, SendState.SENT)
    assert (await outbox.calibration(now=500.0)).visibility is Visibility.LEARNING
    await item_in(outbox, SendState.SENT)
    learned = await outbox.calibration(now=500.0)
    assert (learned.visibility, learned.horizon) == (Visibility.NO, 0.0)


async def test_an_outbox_of_the_first_schema_comes_over(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    first = (OUTBOX_SCHEMA / "0001_initial.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(path)) as old:
        old.executescript(first)
        steps = ["queued", "queued sending", "queued sending sent", "queued sending unknown resolved"]
        for number, states in enumerate(steps, 1):
            old.execute("INSERT INTO outbox (openid, agent, text, created) VALUES ('o1', 'a', 'x', 1.0)")
            for state in states.split()[1:]:
                old.execute("UPDATE outbox SET state = ? WHERE id = ?", (state, number))
        old.execute("INSERT INTO outbox (openid, agent, text, created, parent) VALUES ('o1', 'a', 'x', 2, 4)")
        old.execute("INSERT INTO claim VALUES ('o1', 'a', 2002, 5, 'x', 0, 3)")
        old.execute("UPDATE outbox SET evidence = 1 WHERE id = 3")
        old.execute("INSERT INTO draft VALUES ('o2', 'begun')")
        old.execute("PRAGMA user_version = 1")
        old.commit()
    async with Database.open(path, schema=OUTBOX_SCHEMA, synchronous="FULL") as database:
        outbox = SqliteOutbox(database)
        items = await outbox.of_customer("o1", 10)
        assert [i.state.value for i in items] == ["queued", "sending", "sent", "resolved", "queued"]
        assert (items[2].proof, items[2].evidence, items[4].parent) == (Proof.REPLY, True, 4)
        assert items[3].decision is Decision.LEFT
        assert len(await outbox.claimed_records("o1")) == 1
        assert await SqliteDrafts(database).load() == {"o2": "begun"}
        fresh = await outbox.enqueue("o1", "a", "y", now=9.0, parent=None)
        assert fresh.id == 6
        found = await database.read(lambda c: c.execute("PRAGMA foreign_key_check").fetchall())
        assert found == []
