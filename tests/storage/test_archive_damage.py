"""A damaged archive is set aside and begun anew, at opening and in use; a newer file is only looked at."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from kefu_desk.domain.failure import DeskError, Failure
from kefu_desk.domain.messages import Record
from kefu_desk.storage import ARCHIVE_SCHEMA, OUTBOX_SCHEMA
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.custody import ArchiveKeeper
from kefu_desk.storage.database import Database
from kefu_desk.storage.keeping import Finding
from kefu_desk.storage.migrate import scripts
from kefu_desk.storage.opening import Terms
from kefu_desk.storage.outbox import SqliteOutbox

PAGE = 4096
NEW = Record("o9", "a@b", 2003, "新的", 1_800_000_000, 0)


def opened(path: Path) -> "Database":
    return Database.begin(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL", keeper=ArchiveKeeper())


def records(count: int) -> tuple[Record, ...]:
    return tuple(
        Record(f"o{n % 7}", "a@b", 2003 - n % 2, f"{n} 您好,订单" + "x" * (n % 90), 1_700_000_000 + n * 7, 0)
        for n in range(count)
    )


async def made(path: Path, count: int = 900) -> None:
    database = opened(path)
    await database.opened()
    await SqliteArchive(database).add(records(count))
    await database.close()


async def used(database: Database) -> None:
    """Everything that a desk does with an archive."""
    archive = SqliteArchive(database)
    await archive.digests([f"o{n}" for n in range(9)])
    for n in range(7):
        await archive.latest(f"o{n}", 1000)
    await archive.add((NEW, *records(30)))
    assert NEW in await archive.latest("o9", 10)


async def test_f_s10_any_page_may_be_damaged_at_opening_and_in_use(tmp_path: Path) -> None:
    source = tmp_path / "archive.db"
    await made(source)
    whole = source.read_bytes()
    replaced = {"opening": 0, "use": 0}
    for page in range(len(whole) // PAGE):
        for when in replaced:
            path = tmp_path / f"{when}{page}" / "archive.db"
            path.parent.mkdir()
            body = bytearray(whole)
            body[page * PAGE : page * PAGE + PAGE] = bytes(b ^ 0xFF for b in body[page * PAGE :][:PAGE])
            path.write_bytes(body)
            if when == "opening":
                path.with_name("archive.db-wal").write_bytes(b"left over")
            database = opened(path)
            told: list[Finding | Failure | None] = []
            await database.opened()
            database.tell(told.append)
            if when == "use":
                await database.check()
            await used(database)
            await database.check()
            await database.close()
            aside = path.with_name("archive.db.damaged-1")
            if aside.exists():
                replaced[when] += 1
                assert aside.read_bytes() == bytes(body)
                assert [f.words.key for f in told if isinstance(f, Finding)] == ["found.archive"]
    assert replaced["opening"] == len(whole) // PAGE
    assert replaced["use"] == len(whole) // PAGE


async def test_f_s10_found_by_a_read_or_a_write_in_use(tmp_path: Path) -> None:
    """Without a check: whoever meets the damage first gets an answer from the new archive."""
    source = tmp_path / "archive.db"
    await made(source)
    for unit in ("read", "write"):
        path = tmp_path / unit / "archive.db"
        path.parent.mkdir()
        body = bytearray(source.read_bytes())
        body[PAGE:] = b"\xa5" * (len(body) - PAGE)
        path.write_bytes(body)
        database = opened(path)
        await database.opened()
        told: list[Finding | Failure | None] = []
        database.tell(told.append)
        archive = SqliteArchive(database)
        if unit == "read":
            assert await archive.latest("o1", 5) == ()
        assert await archive.add((NEW,)) == (NEW,)
        assert [f.words.key for f in told if isinstance(f, Finding)] == ["found.archive"]
        assert await archive.latest("o9", 5) == (NEW,)
        await database.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def left_behind(paths: Iterable[Path]) -> list[Path]:
    """Logs of these files."""
    logs = [Path(f"{path}{end}") for path in paths for end in ("-wal", "-shm")]
    return [log for log in logs if log.exists()]


async def newer(folder: Path) -> dict[Path, str]:
    """Files as a later version of the program leaves them."""
    for name, schema in (("archive.db", ARCHIVE_SCHEMA), ("outbox.db", OUTBOX_SCHEMA)):
        path = folder / name
        async with Database.open(path, schema=schema, synchronous="FULL") as database:
            if name == "archive.db":
                await SqliteArchive(database).add(records(50))
            else:
                await SqliteOutbox(database).enqueue("o1", "a@b", "waits", now=1.0)
            version = len(scripts(schema)) + 1
            await database.transact(lambda c, v=version: c.execute(f"PRAGMA user_version = {v}"))
    return {path: digest(path) for path in (folder / "archive.db", folder / "outbox.db")}


async def test_f_s14_a_newer_file_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    before = await newer(tmp_path)
    with pytest.raises(DeskError) as caught:
        async with Database.open(tmp_path / "archive.db", schema=ARCHIVE_SCHEMA, synchronous="NORMAL"):
            pass
    assert caught.value.failure.text.key == "failure.storage.newer"
    database = Database(Terms(tmp_path / "archive.db", ARCHIVE_SCHEMA, "NORMAL", read_only=True))
    await database.opened()
    archive = SqliteArchive(database)
    assert len(await archive.latest("o1", 100)) == 7
    assert (await archive.digests(["o1"]))["o1"].last is not None
    with pytest.raises(DeskError) as caught:
        await archive.add((NEW,))
    assert caught.value.failure.text.key == "failure.storage.readonly"
    with pytest.raises(DeskError) as caught:
        await database.read(lambda c: c.execute("SELECT gone FROM elsewhere"))
    assert caught.value.failure.text.key == "failure.storage.newer"
    await database.close()
    assert {path: digest(path) for path in before} == before
    assert not left_behind(before)


async def test_f_s14_a_newer_file_with_a_log_is_read_with_it(tmp_path: Path) -> None:
    await newer(tmp_path)
    path = tmp_path / "archive.db"
    async with Database.open(tmp_path / "x.db", schema=ARCHIVE_SCHEMA, synchronous="FULL") as database:
        await SqliteArchive(database).add(records(20))
        folder = tmp_path / "hot"
        folder.mkdir()
        for suffix in ("", "-wal"):
            shutil.copyfile(tmp_path / f"x.db{suffix}", folder / f"archive.db{suffix}")
    path = folder / "archive.db"
    before = {p: digest(p) for p in (path, folder / "archive.db-wal")}
    database = Database(Terms(path, ARCHIVE_SCHEMA, "NORMAL", read_only=True))
    await database.opened()
    assert len(await SqliteArchive(database).latest("o1", 100)) == 3
    await database.close()
    assert {p: digest(p) for p in before} == before
