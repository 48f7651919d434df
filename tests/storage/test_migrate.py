import hashlib
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from kefu_desk.domain.failure import DeskError
from kefu_desk.storage import ARCHIVE_SCHEMA, OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.migrate import scripts, statements

FIRST = "CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;\n"
SECOND = """-- a comment; with a semicolon
ALTER TABLE note ADD COLUMN stars INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER no_stars BEFORE DELETE ON note
BEGIN
  SELECT RAISE(ABORT, 'kept');
END;
UPDATE note SET stars = 5;
"""
BROKEN = "UPDATE note SET stars = 1;\nINSERT INTO nowhere VALUES (1);\n"


def folder(path: Path, *texts: str) -> Path:
    path.mkdir()
    for number, text in enumerate(texts, 1):
        (path / f"{number:04}_step.sql").write_text(text)
    return path


def names(place: Path) -> list[str]:
    return sorted(p.name for p in place.iterdir())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def notes(path: Path, schema: Path) -> list[tuple[object, ...]]:
    async with Database.open(path, schema=schema, synchronous="NORMAL") as database:
        return await database.read(lambda c: c.execute("SELECT * FROM note").fetchall())


async def write_first(path: Path, schema: Path) -> None:
    async with Database.open(path, schema=schema, synchronous="NORMAL") as database:
        await database.transact(lambda c: c.execute("INSERT INTO note (words) VALUES ('old')"))


async def test_an_old_file_is_copied_and_then_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    await write_first(path, folder(tmp_path / "one", FIRST))
    assert await notes(path, folder(tmp_path / "two", FIRST, SECOND)) == [(1, "old", 5)]
    copy = tmp_path / "notes.db.v1.bak"
    assert stat.S_IMODE(copy.stat().st_mode) & 0o077 == 0
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT * FROM note").fetchall() == [(1, "old")]
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert names(tmp_path) == ["notes.db", "notes.db.v1.bak", "one", "two"]


async def test_a_new_file_gets_no_copy(tmp_path: Path) -> None:
    assert await notes(tmp_path / "notes.db", folder(tmp_path / "two", FIRST, SECOND)) == []
    assert names(tmp_path) == ["notes.db", "two"]


async def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path, one = tmp_path / "notes.db", folder(tmp_path / "one", FIRST)
    await write_first(path, one)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        await notes(path, folder(tmp_path / "three", FIRST, SECOND, BROKEN))
    assert await notes(path, one) == [(1, "old")]


@pytest.mark.parametrize("schema", [OUTBOX_SCHEMA, ARCHIVE_SCHEMA])
async def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path, schema: Path) -> None:
    path = tmp_path / "x.db"
    async with Database.open(path, schema=schema, synchronous="FULL") as database:
        await database.transact(lambda c: c.execute(f"PRAGMA user_version = {len(scripts(schema)) + 1}"))
    before = digest(path)
    with pytest.raises(DeskError) as caught:
        async with Database.open(path, schema=schema, synchronous="FULL"):
            pass
    assert caught.value.failure.text.key == "failure.storage.newer"
    assert digest(path) == before
    assert names(tmp_path) == ["x.db"]


async def test_a_newer_file_that_is_no_wal_file_yet_keeps_its_journal(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE future (x)")
        connection.execute("PRAGMA user_version = 99")
    before = digest(path)
    with pytest.raises(DeskError):
        async with Database.open(path, schema=OUTBOX_SCHEMA, synchronous="FULL"):
            pass
    assert digest(path) == before


def test_statements_are_cut_where_they_end() -> None:
    found = [s.strip() for s in statements(SECOND)]
    assert [s.split()[0] for s in found] == ["--", "CREATE", "UPDATE"]
    assert found[1].endswith("END;")


def test_an_unfinished_script_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="inside a statement"):
        list(statements("CREATE TABLE x (a"))


def test_a_gap_in_the_numbers_is_a_fault_of_ours(tmp_path: Path) -> None:
    place = folder(tmp_path / "s", FIRST, SECOND)
    (place / "0002_step.sql").rename(place / "0003_step.sql")
    with pytest.raises(ValueError, match="numbered"):
        scripts(place)
