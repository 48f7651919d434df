"""The index may be damaged, missing or half made: nothing is missed, and it is made again piece by piece."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kefu_desk.domain.coverage import Span
from kefu_desk.domain.messages import OperCode, Record
from kefu_desk.domain.search import Search
from kefu_desk.storage import ARCHIVE_SCHEMA
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.database import Database
from kefu_desk.storage.migrate import scripts, statements
from kefu_desk.storage.words import NOTHING_YET, indexed_from

Harm = Callable[[sqlite3.Connection], object]


def said(time: int, words: str = "", openid: str = "o1", worker: str = "a@b") -> Record:
    return Record(openid, worker, int(OperCode.CUSTOMER_SENT), words or f"第{time}个退款 {time % 7}", time)


STORY = [said(time, openid=f"o{time % 3}") for time in range(1000, 2200)]
QUESTIONS = [Search(words, limit=5000) for words in ("退款", "款 3", "1", "第2", "1100个")]


def cut(condition: str) -> Harm:
    """Cuts off the pages of the index that its format numbers so."""
    return lambda c: c.execute(f"UPDATE words_data SET block = x'00' WHERE {condition}")


HARMS: dict[str, Harm] = {
    "table gone": lambda c: c.execute("DROP TABLE words"),
    "a part gone": lambda c: c.execute("DROP TABLE words_data"),
    "another part gone": lambda c: c.execute("DROP TABLE words_config"),
    "pages empty": lambda c: c.execute("DELETE FROM words_data"),
    "structure": cut("id = 10"),
    "words": cut("id > 10"),
    "everything": cut("1"),
}


async def found(archive: SqliteArchive) -> list[tuple[Record, ...]]:
    return [await archive.search(question) for question in QUESTIONS]


async def begin(database: Database) -> int:
    return await database.read(indexed_from)


async def rebuilt(archive: SqliteArchive) -> int:
    slices = 1
    while await archive.rebuild_index(100):
        slices += 1
    return slices


def do_harm(path: Path, harm: Harm) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA trusted_schema = ON")
        harm(connection)


@pytest.mark.parametrize("first", ["search", "add", "rebuild"])
@pytest.mark.parametrize("harm", list(HARMS))
async def test_f_s19_a_damaged_index_is_gone_round_and_made_again(
    tmp_path: Path, harm: str, first: str
) -> None:
    path = tmp_path / "archive.db"
    async with Database.open(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL") as database:
        archive = SqliteArchive(database)
        await archive.add(STORY)
        right = await found(archive)
        assert await begin(database) == 0
        assert [len(hits) for hits in right][:2] == [1200, 171]
    do_harm(path, HARMS[harm])
    newest = said(9000, "退款 later")
    async with Database.open(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL") as database:
        archive = SqliteArchive(database)
        if first == "add":
            assert await archive.add([newest]) == (newest,)
            right[0] = (newest, *right[0])
        elif first == "rebuild":
            await archive.rebuild_index()
        assert await found(archive) == right
        assert await rebuilt(archive) in (1, 12, 13)
        assert await begin(database) == 0
        assert await found(archive) == right


async def test_a_file_that_cannot_be_written_is_searched_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    async with Database.open(
        path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL", busy_seconds=0.02
    ) as database:
        archive = SqliteArchive(database)
        await archive.add(STORY)
        right = await found(archive)
        do_harm(path, HARMS["table gone"])
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("BEGIN IMMEDIATE")
            assert await found(archive) == right
        assert await begin(database) == 0  # nobody could note it
        assert await found(archive) == right
        assert await rebuilt(archive) == 13


async def test_records_that_arrive_while_the_index_is_made_are_found(archive: SqliteArchive) -> None:
    async def check(*, more: list[Record]) -> None:
        known.extend(await archive.add(more))
        for words in ("退款", "later"):
            expected = sorted((r for r in known if words in r.text), key=lambda r: r.time)[::-1]
            assert list(await archive.search(Search(words, limit=5000))) == expected

    known: list[Record] = []
    await check(more=STORY)
    await archive._database.transact(lambda c: c.execute("DROP TABLE words"))
    await check(more=[said(3000, "later 退款")])
    for number in range(13):
        assert await archive.rebuild_index(100) == (number < 12)
        middle = 2190 - number * 100  # some above and some below what is indexed by now
        await check(
            more=[said(t, f"later {t} 退款", "o9") for t in (middle + 50, middle - 70, 4000 + number)]
        )
    assert await archive._database.read(indexed_from) == 0


async def test_an_archive_of_version_1_comes_over_whole(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    v1 = next(script for number, script in scripts(ARCHIVE_SCHEMA) if number == 1)
    rows = [
        (f"o{n % 5}", f"kf{n % 2}@b", 2002 + n % 2, f"第{n}行 退款", 5000 - n // 3, n % 3, n % 2)
        for n in range(900)
    ]
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements(v1):
            connection.execute(statement)
        connection.executemany(
            "INSERT INTO record (openid, worker, opercode, text, time, ordinal, opens_visit)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        connection.execute("INSERT INTO record VALUES (NULL, 'o1', 'w', 1, 9007199254740992, 'never', 0, 1)")
        connection.execute("INSERT INTO meta VALUES ('synced_until', 200000)")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    ordered = sorted((Record(*row[:5], row[5]) for row in rows), key=lambda r: r.time)
    async with Database.open(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL") as database:
        archive = SqliteArchive(database)
        assert await archive.covered() == (Span(200_000 - 48 * 3600, 200_000),)
        for openid in ("o0", "o4"):
            assert list(await archive.latest(openid, 999)) == [r for r in ordered if r.openid == openid]
        assert await begin(database) == NOTHING_YET
        for _ in range(3):
            hits = await archive.search(Search("退款", agent="kf1@b", limit=999))
            assert list(hits) == [r for r in ordered[::-1] if r.worker == "kf1@b"]
            await archive.rebuild_index(400)
        assert await begin(database) == 0
        assert await archive.add(ordered) == ()
        assert (await archive.digests(["o1"]))["o1"].visits == sum(row[6] for row in rows if row[0] == "o1")
