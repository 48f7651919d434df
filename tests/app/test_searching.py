"""`kefu-desk search` over the files of a profile."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kefu_desk.app.arguments import moment
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import Record
from kefu_desk.profiles.files import Settings, save_profile, save_settings
from kefu_desk.profiles.model import Profile
from kefu_desk.storage import ARCHIVE_SCHEMA
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.database import Database
from tests.app.conftest import Main

NOON = moment("start", "2026-11-10T12:00")
DAY = 86_400
LINES = ["我要退款", "已经 退款\n了", "运单ＳＦ123", "好"]
STORED = tuple(
    Record(OpenId(f"o{n % 2}"), AgentId(f"kf{n % 3}@shop"), 2002 + n % 2, LINES[n % 4], NOON + n * DAY)
    for n in range(8)
)


@pytest.fixture
def shop(home: Path) -> Path:
    """The folder of the files of a profile that was opened last; returns the path of its archive."""
    save_profile(
        home / "config" / "profiles",
        Profile("shop", title="鹿野", appid="wx0123456789abcdef", agent=AgentId("kf0@shop")),
    )
    save_settings(home / "config" / "settings.toml", Settings(last_profile="shop"))
    path = home / "data" / "profiles" / "shop" / "archive.db"

    async def fill() -> None:
        async with Database.open(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL") as database:
            await SqliteArchive(database).add(STORED)

    asyncio.run(fill())
    return path


def found(main: Main, *words: str) -> list[int]:
    code, out, err = main("search", *words, "--json")
    assert (code, err) == (0, "")
    return [(row["time"] - NOON) // DAY for row in json.loads(out)]


def test_words_are_found_newest_first_without_a_secret(main: Main, shop: Path) -> None:
    before = shop.read_bytes()
    assert found(main, "退款") == [5, 4, 1, 0]
    assert found(main, "sf1", "--profile", "shop") == [6, 2]
    assert found(main, "款 了") == [5, 1]
    assert found(main, "退", "--customer", "o1") == [5, 1]
    assert found(main, "退款", "--agent", "kf1@shop") == [4, 1]
    assert found(main, "退款", "--since", "2026-11-11", "--until", "2026-11-14") == [4, 1]
    assert found(main, "退款", "--limit", "1") == [5]
    assert found(main, "没有的话") == []
    assert shop.read_bytes() == before


def test_people_get_a_table_and_programs_whole_messages(main: Main, shop: Path) -> None:
    code, out, _ = main("search", "运单")
    assert code == 0
    assert [line.split("  ")[0] for line in out.splitlines()[1:]] == [
        "2026-11-16 12:00:00",
        "2026-11-12 12:00:00",
    ]
    assert main("search", "没有的话")[1] == "none\n"
    (row,) = json.loads(main("search", "运单", "--limit", "1", "--json")[1])
    assert row == {
        "time": NOON + 6 * DAY, "openid": "o0", "worker": "kf0@shop", "opercode": 2002, "text": "运单ＳＦ123",
    }  # fmt: skip


@pytest.mark.parametrize("words", ['"', "*", "NEAR(", "a AND", "%", "_", "x" * 10_240, "\udcff", "--", " "])
def test_nothing_that_is_typed_is_an_error(main: Main, shop: Path, words: str) -> None:
    code, out, err = main("search", "--json", "--", words)
    assert (code, out, err) == (0, "[]\n", "")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("x", "--since", "yesterday"), 2, "--since"),
        (("x", "--limit", "0"), 2, "number from 1"),
        (("x", "--profile", "nobody"), 5, "this computer"),
    ],
)
def test_what_cannot_be_done_is_told(
    main: Main, shop: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    found_code, out, err = main("search", *words)
    assert (found_code, out) == (code, "")
    assert told in err


def test_without_messages_and_with_an_older_file(main: Main, shop: Path) -> None:
    with closing(sqlite3.connect(shop)) as connection:
        connection.execute("PRAGMA user_version = 1")
    code, _, err = main("search", "x")
    assert (code, "open the desk once" in err) == (5, True)
    shop.unlink()
    code, _, err = main("search", "x", "--json")
    assert (code, json.loads(err)["error"]) == (5, "storage")
    assert not shop.exists()


def test_without_a_profile_one_has_to_be_named(main: Main) -> None:
    code, _, err = main("search", "x")
    assert (code, "--profile" in err) == (2, True)
