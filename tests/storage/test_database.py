import asyncio
import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path

import pytest

from kefu_desk.domain.failure import Category, DeskError
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.errors import environment_error
from kefu_desk.storage.opening import set_aside
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


async def test_settings_of_both_connections(outbox_file: Database) -> None:
    def settings(connection: sqlite3.Connection) -> dict[str, object]:
        names = (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "trusted_schema",
            "cell_size_check",
            "query_only",
        )
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    writer, reader = await outbox_file.transact(settings), await outbox_file.read(settings)
    same = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
    }
    assert writer == {**same, "query_only": 0}
    assert reader == {**same, "query_only": 1}


async def test_a_committed_unit_is_seen_by_another_connection(outbox_file: Database) -> None:
    assert await outbox_file.transact(lambda c: c.execute(ADD, ("o1", "hello")).rowcount) == 1
    with closing(sqlite3.connect(outbox_file.path)) as other:
        assert other.execute("SELECT openid, words FROM draft").fetchall() == [("o1", "hello")]


async def test_a_unit_that_raises_leaves_nothing_and_its_error_is_kept(outbox_file: Database) -> None:
    def unit(connection: sqlite3.Connection) -> None:
        connection.execute(ADD, ("o1", "hello"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await outbox_file.transact(unit)
    assert await drafts_in(outbox_file) == []
    await outbox_file.transact(lambda c: c.execute(ADD, ("o2", "next")))
    assert await drafts_in(outbox_file) == ["o2"]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("INSERT INTO draft (openid, words) VALUES ('o', '')", sqlite3.IntegrityError),
        ("SELECT nothing FROM nowhere", sqlite3.OperationalError),
        ("SELECT ?", sqlite3.ProgrammingError),
    ],
)
async def test_faults_of_ours_come_out_as_they_are(
    outbox_file: Database, statement: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        await outbox_file.transact(lambda c: c.execute(statement))


async def test_a_reader_cannot_write(outbox_file: Database) -> None:
    with pytest.raises(DeskError) as caught:
        await outbox_file.read(lambda c: c.execute(ADD, ("o1", "x")))
    assert key_of(caught) == "failure.storage.readonly"


async def test_no_thread_and_no_log_is_left(tmp_path: Path) -> None:
    async with opened(tmp_path / "outbox.db") as database:
        await database.transact(lambda c: c.execute(ADD, ("o1", "hello")))
        assert len(our_threads()) == 2
    assert our_threads() == []
    assert names(tmp_path) == ["outbox.db"]
    with pytest.raises(RuntimeError):
        await database.transact(nothing)


async def test_cancelling_the_caller_does_not_cancel_the_unit(outbox_file: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def unit(connection: sqlite3.Connection) -> None:
        connection.execute(ADD, ("running", "1"))
        begun.set()
        go_on.wait(10)
        connection.execute(ADD, ("running too", "2"))

    running = asyncio.create_task(outbox_file.transact(unit))
    waiting = asyncio.create_task(outbox_file.transact(lambda c: c.execute(ADD, ("waiting", "3"))))
    assert await asyncio.to_thread(begun.wait, 10)
    for task in (running, waiting):
        task.cancel()
    results = await asyncio.gather(running, waiting, return_exceptions=True)
    assert [type(r) for r in results] == [asyncio.CancelledError] * 2
    go_on.set()
    await outbox_file.transact(nothing)
    assert await drafts_in(outbox_file) == ["running", "running too", "waiting"]


@pytest.mark.logs_warnings
async def test_a_fault_nobody_waits_for_is_logged_without_values(
    outbox_file: Database, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def unit(connection: sqlite3.Connection) -> None:
        begun.set()
        go_on.wait(10)
        raise ValueError("words of a customer")

    task = asyncio.create_task(outbox_file.transact(unit))
    assert await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await outbox_file.transact(nothing)
    assert "outbox.db: a unit failed after its caller had gone: ValueError" in caplog.text
    assert "words of a customer" not in caplog.text


async def test_closing_waits_for_units_under_way_even_when_cancelled(tmp_path: Path) -> None:
    begun, go_on, hold = threading.Event(), threading.Event(), asyncio.Event()

    def unit(connection: sqlite3.Connection) -> None:
        begun.set()
        go_on.wait(10)
        connection.execute(ADD, ("o1", "late"))

    async def use() -> None:
        async with opened(tmp_path / "outbox.db") as database:
            asyncio.ensure_future(database.transact(unit)).add_done_callback(lambda t: t.exception())
            await hold.wait()

    task = asyncio.create_task(use())
    assert await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    for thread in threading.enumerate():
        if thread.name.startswith("outbox-"):
            await asyncio.to_thread(thread.join)
    async with opened(tmp_path / "outbox.db") as database:
        assert await drafts_in(database) == ["o1"]


@pytest.mark.parametrize("content", [b"this is no database, it is a letter" * 200, b"x"])
async def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "outbox.db"
    path.write_bytes(content)
    with pytest.raises(DeskError) as caught:
        async with opened(path):
            pass
    assert key_of(caught) == "failure.storage.corrupt"
    assert path.read_bytes() == content
    assert our_threads() == []


async def test_a_damaged_page_is_found_by_the_check(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    async with opened(path) as database:
        outbox = SqliteOutbox(database)
        for number in range(60):
            await outbox.enqueue(f"o{number}", "a@b", "x" * 500, now=1.0)
        await database.check()
    body = bytearray(path.read_bytes())
    for page in range(4096 * 12, len(body), 4096):
        body[page : page + 64] = b"\xff" * 64
    path.write_bytes(body)
    async with opened(path) as database:
        with pytest.raises(DeskError) as caught:
            await database.check()
        assert key_of(caught) == "failure.storage.corrupt"
        with pytest.raises(DeskError) as caught:
            await database.read(lambda c: c.execute("SELECT * FROM outbox").fetchall())
        assert key_of(caught) == "failure.storage.corrupt"


async def test_after_an_unclean_end_a_small_file_is_checked_at_opening(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    async with opened(path) as database:
        for number in range(60):
            await SqliteOutbox(database).enqueue(f"o{number}", "a@b", "x" * 500, now=1.0)
    body = bytearray(path.read_bytes())
    for page in range(4096 * 12, len(body), 4096):
        body[page : page + 64] = b"\xff" * 64
    path.write_bytes(body)
    path.with_name("outbox.db-wal").write_bytes(b"left over")
    with pytest.raises(DeskError) as caught:
        async with opened(path):
            pass
    assert key_of(caught) == "failure.storage.corrupt"


async def test_a_damaged_file_is_set_aside_whole(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    for number in (1, 2):
        path.write_bytes(b"damaged")
        path.with_name("outbox.db-wal").write_bytes(b"log")
        assert set_aside(path).name == f"outbox.db.damaged-{number}"
    assert names(tmp_path) == [
        "outbox.db.damaged-1",
        "outbox.db.damaged-1-wal",
        "outbox.db.damaged-2",
        "outbox.db.damaged-2-wal",
    ]
    async with opened(path) as database:
        assert await drafts_in(database) == []


async def test_f_s12_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "outbox.db").mkdir()
    with pytest.raises(DeskError) as caught:
        async with opened(tmp_path / "outbox.db"):
            pass
    assert key_of(caught) == "failure.storage.unopened"


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeskError) as caught:
        async with opened(tmp_path / "file" / "profile" / "outbox.db"):
            pass
    assert key_of(caught) == "failure.storage.folder"
    assert "outbox.db" in caught.value.failure.detail


async def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "outbox.db").touch()
    async with opened(tmp_path / "outbox.db") as database:
        assert await drafts_in(database) == []


def modes_in(folder: Path) -> dict[str, int]:
    return {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.rglob("*")}


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
async def test_only_this_user_can_read_file_log_and_new_folders(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        async with opened(tmp_path / "a" / "b" / "outbox.db") as database:
            await database.transact(lambda c: c.execute(ADD, ("o1", "x")))
            modes = modes_in(tmp_path)
    finally:
        os.umask(old)
    assert modes == {
        "a": 0o700,
        "b": 0o700,
        "outbox.db": 0o600,
        "outbox.db-wal": 0o600,
        "outbox.db-shm": 0o600,
    }


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
async def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    async with opened(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_fault_of_the_surroundings_has_its_words(tmp_path: Path) -> None:
    def error(code: int, name: str) -> sqlite3.OperationalError:
        fault = sqlite3.OperationalError("some words")
        fault.sqlite_errorcode, fault.sqlite_errorname = code, name
        return fault

    expected = {
        (sqlite3.SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"): "failure.storage.io",
        (sqlite3.SQLITE_READONLY_DIRECTORY, "SQLITE_READONLY_DIRECTORY"): "failure.storage.readonly",
        (sqlite3.SQLITE_BUSY_RECOVERY, "SQLITE_BUSY_RECOVERY"): "failure.storage.locked",
        (sqlite3.SQLITE_CORRUPT_INDEX, "SQLITE_CORRUPT_INDEX"): "failure.storage.corrupt",
    }
    for (code, name), key in expected.items():
        found = environment_error(error(code, name), tmp_path / "outbox.db")
        assert found is not None
        assert found.failure.text.key == key
        assert found.failure.detail == f"{name} outbox.db"
    assert environment_error(error(sqlite3.SQLITE_MISUSE, "SQLITE_MISUSE"), tmp_path) is None
    assert environment_error(sqlite3.ProgrammingError("no code"), tmp_path) is None


def test_it_works_under_the_event_loop_of_qt(tmp_path: Path) -> None:
    script = """
import asyncio, sys, threading
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from qasync import QEventLoop
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.outbox import SqliteOutbox

async def main():
    async with Database.open(Path(sys.argv[1]), schema=OUTBOX_SCHEMA, synchronous="FULL") as database:
        outbox = SqliteOutbox(database)
        items = await asyncio.gather(*(outbox.enqueue("o1", "a@b", str(n), now=n) for n in range(20)))
        print([item.text for item in await outbox.of_customer("o1", 3)])
    print([t.name for t in threading.enumerate()])

app = QCoreApplication([])
with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
    runner.run(main())
"""
    command = [sys.executable, "-W", "error", "-c", script, str(tmp_path / "outbox.db")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["['17', '18', '19']", "['MainThread']"]


async def test_opening_twice_finds_what_was_stored(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    async with opened(path) as database:
        await database.transact(lambda c: c.execute(ADD, ("o1", "x")))
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    async with opened(path) as database:
        assert await drafts_in(database) == ["o1"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
