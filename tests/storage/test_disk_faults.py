"""A full, broken or held disk under one file."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path

import pytest

from kefu_desk.domain.failure import Category, DeskError
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.outbox import SqliteOutbox

ADD = "INSERT INTO draft (openid, words) VALUES (?, ?)"


def opened(
    path: Path, *, schema: Path = OUTBOX_SCHEMA, busy_seconds: float = 5.0
) -> AbstractAsyncContextManager[Database]:
    return Database.open(path, schema=schema, synchronous="FULL", busy_seconds=busy_seconds)


def our_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith(("outbox-", "archive-"))]


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def nothing(connection: sqlite3.Connection) -> None:
    """A unit that only waits for its turn."""


async def drafts_in(database: Database) -> list[str]:
    return await database.read(lambda c: [r[0] for r in c.execute("SELECT openid FROM draft ORDER BY 1")])


def key_of(caught: pytest.ExceptionInfo[DeskError]) -> str:
    assert caught.value.failure.category is Category.STORAGE
    return caught.value.failure.text.key


async def test_f_s03_disk_full_is_told_and_nothing_is_stored(outbox_file: Database) -> None:
    outbox = SqliteOutbox(outbox_file)
    pages = await outbox_file.transact(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await outbox_file.transact(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 1}").fetchall())
    told = []

    async def fill() -> None:
        while True:
            told.append(await outbox.enqueue("o1", "a@b", "x" * 2000, now=1.0))

    with pytest.raises(DeskError) as caught:
        await fill()
    assert key_of(caught) == "failure.storage.full"
    assert caught.value.failure.subject == str(outbox_file.path)
    assert await outbox.of_customer("o1", 1000) == tuple(told)
    await outbox_file.transact(lambda c: c.execute("PRAGMA max_page_count = 100000").fetchall())
    await outbox.enqueue("o1", "a@b", "after some room was made", now=2.0)


async def test_f_s08_a_file_held_by_another_program_is_told_and_reading_goes_on(tmp_path: Path) -> None:
    async with opened(tmp_path / "outbox.db", busy_seconds=0.05) as database:
        with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DeskError) as caught:
                await database.transact(lambda c: c.execute(ADD, ("o1", "x")))
            assert await drafts_in(database) == []
            other.execute("ROLLBACK")
        assert key_of(caught) == "failure.storage.locked"
        await database.transact(lambda c: c.execute(ADD, ("o1", "x")))


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_FSIZE as the failing disk")
def test_f_s06_an_io_error_of_the_disk_is_told(tmp_path: Path) -> None:
    script = """
import asyncio, resource, signal, sys
from pathlib import Path
from kefu_desk.domain.failure import DeskError
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.outbox import SqliteOutbox

async def main():
    async with Database.open(Path(sys.argv[1]), schema=OUTBOX_SCHEMA, synchronous="FULL") as database:
        outbox = SqliteOutbox(database)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, -1))
        try:
            while True:
                await outbox.enqueue("o1", "a@b", "x" * 2000, now=1.0)
        except DeskError as error:
            print(error.failure.text.key)
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
        await outbox.enqueue("o1", "a@b", "after the fault", now=1.0)
        print((await outbox.of_customer("o1", 1))[0].text)

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
asyncio.run(main())
"""
    command = [sys.executable, "-c", script, str(tmp_path / "outbox.db")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["failure.storage.io", "after the fault"]


async def test_f_s09_a_reader_never_becomes_a_writer(outbox_file: Database) -> None:
    """SQLite refuses such an upgrade at once, whatever its patience, when somebody wrote in between."""

    def upgrade(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT count(*) FROM draft").fetchone()
        connection.execute(ADD, ("o1", "x"))

    with pytest.raises(DeskError) as caught:
        await outbox_file.read(upgrade)
    assert key_of(caught) == "failure.storage.readonly"
    began = await outbox_file.transact(lambda c: c.in_transaction)
    assert began


def test_f_s09_every_writing_transaction_begins_as_one() -> None:
    package = Path(OUTBOX_SCHEMA).parents[1]
    for module in package.glob("*.py"):
        for line in module.read_text(encoding="utf-8").splitlines():
            if '"BEGIN' in line:
                reads = module.name == "database.py" and "self._reader" in line
                assert reads or '"BEGIN IMMEDIATE"' in line, (module.name, line)
