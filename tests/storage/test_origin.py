"""An outbox that came from elsewhere or lost its log: nothing in it is sent by itself."""

import os
import shutil
from pathlib import Path

import pytest

from kefu_desk.domain.failure import Effect
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.storage.backup import copies_of
from kefu_desk.storage.drafts import SqliteDrafts
from kefu_desk.storage.origin import mark_of
from kefu_desk.storage.outbox import SqliteOutbox
from tests.storage.outboxes import (
    ROWS,
    fill,
    key,
    made,
    nothing_goes_by_itself,
    opened,
    rows_in,
)


async def test_an_ordinary_restart_sends_what_was_queued(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    await made(path)
    async with opened(path) as database:
        assert {i.state for i in (await rows_in(database)).values()} == set(SendState)
        assert database.findings == ()


def copy_of(folder: Path, to: Path) -> None:
    """As a program for back-ups does: contents and times, but other places on the disk."""
    shutil.copytree(folder, to)


async def elsewhere(path: Path, before: dict[int, OutboxItem]) -> None:
    """The file opens, but nothing in it is sent by itself, and the agent is told."""
    async with opened(path) as database:
        after = await rows_in(database)
        drafts = await SqliteDrafts(database).load()
        assert key(database) == ["found.outbox.elsewhere"]
        waiting = [n for n, item in before.items() if item.state in (SendState.HELD, SendState.QUEUED)]
        assert database.findings[0].words.count == len(waiting)
        failure = after[waiting[0]].failure
        assert failure is not None
        assert (failure.text.key, failure.effect) == ("failure.outbox.elsewhere", Effect.MAYBE)
        assert after[waiting[0]].started == before[waiting[0]].created
    assert set(after) == set(before)
    assert len(drafts) == 3
    nothing_goes_by_itself(before, after)
    async with opened(path) as database:
        assert database.findings == ()


async def test_f_s22_a_folder_copied_back_sends_nothing_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "outbox.db"
    before = await made(path)
    copy_of(path.parent, tmp_path / "saved")
    async with opened(path) as database:
        await SqliteOutbox(database).enqueue("o1", "a@b", "later", now=1.0)
    path.parent.rename(tmp_path / "lost")
    copy_of(tmp_path / "saved", path.parent)
    await elsewhere(path, before)


async def test_f_s22_an_old_file_written_into_the_place_of_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "outbox.db"
    before = await made(path)
    old = path.read_bytes()
    async with opened(path) as database:
        await SqliteOutbox(database).enqueue("o1", "a@b", "later", now=1.0)
    path.write_bytes(old)
    await elsewhere(path, before)


@pytest.mark.skipif(os.name != "posix", reason="only there a file tells when it was written here")
async def test_f_s22_a_mark_that_came_along_is_no_proof(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "outbox.db"
    before = await made(path)
    old, mark = path.read_bytes(), mark_of(path).read_bytes()
    long_ago = mark.replace(b'"at":1', b'"at":2')
    assert mark != long_ago
    async with opened(path) as database:
        await SqliteOutbox(database).enqueue("o1", "a@b", "later", now=1.0)
    path.write_bytes(old)
    mark_of(path).write_bytes(long_ago)
    await elsewhere(path, before)


async def test_f_s22_a_back_up_renamed_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    before = await made(path)
    copies_of(path)[0].replace(path)
    await elsewhere(path, before)


async def test_f_s22_a_file_that_is_gone_comes_back_from_its_back_up(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    before = await made(path)
    path.unlink()
    async with opened(path) as database:
        after = await rows_in(database)
        assert key(database) == ["found.outbox.copied", "found.outbox.elsewhere"]
    assert set(after) == set(before)
    nothing_goes_by_itself(before, after)


def hot_copy(path: Path, to: Path) -> None:
    for part in path.parent.iterdir():
        if part.name.startswith("outbox.db") and not part.name.endswith("-shm"):
            shutil.copyfile(part, to / part.name)


SCRIPT = """
import asyncio, os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.storage.outboxes import fill, opened
from kefu_desk.storage.outbox import SqliteOutbox
from kefu_desk.storage.drafts import SqliteDrafts

async def main():
    async with opened(Path(sys.argv[1])) as database:
        for number in range(3):
            await SqliteDrafts(database).keep(f"d{{number}}", f"draft {{number}}")
        await fill(SqliteOutbox(database), first=1000)
        if sys.argv[2:]:
            await database.transact(lambda c: c.execute("DELETE FROM draft"))
            moved = "PRAGMA wal_checkpoint(RESTART)"
            await database._outcome(database._writer.call(lambda c: c.execute(moved).fetchall()))
            await SqliteOutbox(database).enqueue("o1", "a@b", "only in the log", now=1.0)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def leave_a_log(path: Path, *more: str) -> None:
    """A process that writes the file and is killed."""
    import subprocess
    import sys

    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(root=root), str(path), *more], timeout=60, check=False
    )
    assert done.returncode == -9


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
async def test_a_killed_program_leaves_a_queue_that_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    leave_a_log(path)
    async with opened(path) as database:
        after = await rows_in(database)
        assert database.findings == ()
    assert len(after) == ROWS
    assert {item.state for item in after.values()} == set(SendState)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
async def test_f_s15_the_log_was_deleted(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    before = await made(path)
    leave_a_log(path)
    path.with_name("outbox.db-wal").unlink()
    async with opened(path) as database:
        after = await rows_in(database)
        assert key(database) == ["found.outbox.elsewhere"]
    assert set(before) <= set(after)
    nothing_goes_by_itself(before, after)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
async def test_f_s15_the_log_was_deleted_and_the_file_had_taken_most_of_it(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    leave_a_log(path, "checkpoint")
    path.with_name("outbox.db-wal").unlink()
    async with opened(path) as database:
        after = await rows_in(database)
        assert key(database) == ["found.outbox.elsewhere"]
    assert len(after) == ROWS
    nothing_goes_by_itself({}, after)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
async def test_f_s15_a_log_of_another_file(tmp_path: Path) -> None:
    path, other = tmp_path / "a" / "outbox.db", tmp_path / "b" / "outbox.db"
    before = await made(path)
    leave_a_log(path)
    leave_a_log(other)
    log = path.with_name("outbox.db-wal")
    log.unlink()
    shutil.copyfile(other.with_name("outbox.db-wal"), log)
    async with opened(path) as database:
        after = await rows_in(database)
        assert key(database) == ["found.outbox.elsewhere"]
        await database.check()
    assert set(before) <= set(after)
    nothing_goes_by_itself(before, after)
    assert path.with_name("outbox.db.foreign-wal").exists()


async def test_f_s15_a_log_beside_a_file_that_was_closed(tmp_path: Path) -> None:
    path, other = tmp_path / "a" / "outbox.db", tmp_path / "b" / "outbox.db"
    before = await made(path)
    async with opened(other) as strange:
        await fill(SqliteOutbox(strange))
        shutil.copyfile(other.with_name("outbox.db-wal"), path.with_name("outbox.db-wal"))
    await elsewhere(path, before)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
async def test_f_s15_a_folder_copied_back_with_its_log_keeps_what_the_log_holds(tmp_path: Path) -> None:
    path = tmp_path / "a" / "outbox.db"
    leave_a_log(path)
    (tmp_path / "b").mkdir()
    hot_copy(path, tmp_path / "b")
    async with opened(tmp_path / "b" / "outbox.db") as database:
        after = await rows_in(database)
        assert key(database) == ["found.outbox.elsewhere"]
    assert len(after) == ROWS
    nothing_goes_by_itself({}, after)
