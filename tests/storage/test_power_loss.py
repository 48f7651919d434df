"""Power loss: whatever tail of the log is gone, what was told is there (reliability 5.8)."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kefu_desk.domain.outbox import SendState
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.opening import Synchronous
from kefu_desk.storage.outbox import SqliteOutbox

HEADER, FRAME = 32, 24 + 4096
STEPS = 20
FULL = 2
Image = tuple[tuple[int, str], ...]


class Moment:
    """A copy of the files at a moment, what had been told by then, and how much of the log was synced."""

    def __init__(self, folder: Path, told: int, synced: int) -> None:
        self.folder, self.told, self.synced = folder, told, synced


def image_of(connection: sqlite3.Connection) -> Image:
    return tuple(connection.execute("SELECT id, state FROM outbox ORDER BY id"))


def log_length(path: Path) -> int:
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0


async def drive(folder: Path, synchronous: Synchronous) -> tuple[list[Image], list[Moment]]:
    """Sends through a real outbox; each commit that was told of, and copies of the files in between.

    FULL syncs the log at each commit, NORMAL only before a checkpoint, of which there is none here.
    """
    path, rng = folder / "outbox.db", random.Random(7)
    history: list[Image] = [()]
    moments: list[Moment] = []
    async with Database.open(path, schema=OUTBOX_SCHEMA, synchronous=synchronous) as database:
        await database.transact(lambda c: c.execute("PRAGMA wal_autocheckpoint = 0").fetchall())
        level = await database.transact(lambda c: c.execute("PRAGMA synchronous").fetchone()[0])
        outbox = SqliteOutbox(database)
        synced = log_length(path)  # the schema; a first start that loses it begins again
        open_items = []
        for step in range(STEPS):
            if open_items and rng.random() < 0.6:
                item = open_items.pop(rng.randrange(len(open_items)))
                to = SendState.SENDING if item.state is SendState.QUEUED else SendState.SENT
                moved = await outbox.move(item.id, to, now=float(step))
                if moved.state is SendState.SENDING:
                    open_items.append(moved)
            else:
                open_items.append(await outbox.enqueue("o1", "a@b", "x" * rng.randrange(1, 900), now=1.0))
            history.append(await database.read(image_of))
            synced = log_length(path) if level == FULL else synced
            if rng.random() < 0.3:
                copy = folder / f"moment{step}"
                copy.mkdir()
                for part in ("outbox.db", "outbox.db-wal"):
                    shutil.copyfile(folder / part, copy / part)
                moments.append(Moment(copy, len(history) - 1, synced))
    return history, moments


def after_the_cut(moment: Moment, length: int, scratch: Path) -> Image | None:
    """What a restart finds when the log was cut off; None when there is no outbox any more."""
    for part in ("outbox.db", "outbox.db-wal"):
        shutil.copyfile(moment.folder / part, scratch / part)
    (scratch / "outbox.db-shm").unlink(missing_ok=True)
    with (scratch / "outbox.db-wal").open("r+b") as log:
        log.truncate(length)
    with closing(sqlite3.connect(scratch / "outbox.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'outbox'").fetchone():
            return None
        return image_of(connection)


def cuts(moment: Moment) -> list[int]:
    """Every frame boundary of the log and one byte less, as far as a power loss may take it."""
    size = (moment.folder / "outbox.db-wal").stat().st_size
    edges = [HEADER + FRAME * n for n in range((size - HEADER) // FRAME + 1)]
    return [e for edge in edges for e in (edge - 1, edge) if moment.synced <= e <= size]


async def losses(folder: Path, synchronous: Synchronous) -> tuple[int, list[str]]:
    """Cuts tried, and the commits that had been told of and are gone."""
    history, moments = await drive(folder, synchronous)
    scratch = folder / "scratch"
    scratch.mkdir()
    tried, faults = 0, []
    for moment in moments:
        for length in cuts(moment):
            tried += 1
            found = after_the_cut(moment, length, scratch)
            state = history.index(found) if found in history else -1
            if found is not None and state < 0:
                faults.append(f"{length}: no state that ever was: {found}")
            elif found is None or state < moment.told:
                faults.append(f"{length}: told {moment.told}, found {state}")
    return tried, faults


async def test_f_s02_with_full_every_commit_that_was_told_survives(tmp_path: Path) -> None:
    history, moments = await drive(tmp_path, "FULL")
    assert len(moments) > 3
    assert len(set(history)) == len(history)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for moment in moments:
        size = (moment.folder / "outbox.db-wal").stat().st_size
        assert moment.synced == size  # nothing that was told is left to lose
        edges = [HEADER + FRAME * n for n in range((size - HEADER) // FRAME + 1)]
        for length in [e for edge in edges for e in (edge - 1, edge)]:
            found = after_the_cut(moment, length, scratch)
            assert found is None or found in history  # a prefix of what was committed, never a mixture
        assert after_the_cut(moment, size, scratch) == history[moment.told]


async def test_f_s02_a_torn_frame_is_never_half_there(tmp_path: Path) -> None:
    """The last frame is as long as it should be, but its end was not written."""
    history, moments = await drive(tmp_path, "FULL")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for moment in moments[:3]:
        log = moment.folder / "outbox.db-wal"
        whole = log.read_bytes()
        log.write_bytes(
            whole[:-512] + bytes(512) if whole[-512:] != bytes(512) else whole[:-4096] + b"x" * 4096
        )
        found = after_the_cut(moment, len(whole), scratch)
        assert found in history
        assert history.index(found) < moment.told


@pytest.mark.parametrize(("synchronous", "safe"), [("FULL", True), ("NORMAL", False)])
async def test_f_s02_normal_would_lose_what_was_told(
    tmp_path: Path, synchronous: Synchronous, safe: bool
) -> None:
    """The same check that FULL passes fails with NORMAL: it tests something."""
    tried, faults = await losses(tmp_path, synchronous)
    assert tried
    assert (faults == []) is safe, faults[:3]
    assert all("no state" not in fault for fault in faults)
