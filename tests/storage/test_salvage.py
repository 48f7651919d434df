"""A damaged outbox: what is saved of it, and that none of it is sent by itself; its back-ups."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.text import NOTHING
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.backup import back_up, copies_of
from kefu_desk.storage.custody import OutboxKeeper
from kefu_desk.storage.drafts import SqliteDrafts
from kefu_desk.storage.outbox import SqliteOutbox
from kefu_desk.storage.salvage import Contents, Row, Saved, rebuild
from tests.storage.outboxes import (
    PAGE,
    ROWS,
    count_pages,
    key,
    killed,
    made,
    nothing_goes_by_itself,
    opened,
    rows_in,
)


async def test_f_s11_any_page_may_be_damaged(tmp_path: Path) -> None:
    """Each page in turn is overwritten: what the others hold is there, and nothing is sent by itself.

    With the root of the table its rows are out of reach; with the back-up none is ever missing.
    """
    source = tmp_path / "source" / "outbox.db"
    before = await made(source)
    newest = copies_of(source)[0]
    kept, salvaged, drafted = [], 0, 0
    for page in range(count_pages(source)):
        path = tmp_path / f"page{page}" / "outbox.db"
        path.parent.mkdir()
        shutil.copyfile(source, path)
        body = bytearray(path.read_bytes())
        body[page * PAGE : page * PAGE + PAGE] = b"\xa5" * PAGE
        path.write_bytes(body)
        killed(path)
        async with opened(path) as database:
            after = await rows_in(database)
            drafts = await SqliteDrafts(database).load()
            await database.check()
            damaged = [k for k in key(database) if k == "found.outbox.salvaged"]
        nothing_goes_by_itself(before, after)
        salvaged += bool(damaged)
        shutil.copyfile(newest, copies_of(path)[0])
        path.write_bytes(body)
        killed(path)
        async with opened(path) as database:
            again = await rows_in(database)
        assert set(again) == set(before)
        nothing_goes_by_itself(before, again)
        if page:
            kept.append(len(after))
            assert set(after) <= set(before)
            aside = path.with_name("outbox.db.damaged-1")
            assert not damaged or aside.read_bytes() == bytes(body)
            drafted += len(drafts) == 3
    assert salvaged >= count_pages(source) - 2
    assert drafted >= count_pages(source) - 3
    assert max(kept) == ROWS
    assert sum(count < ROWS // 2 for count in kept) <= 1, kept


def test_f_s11_numbers_are_never_given_out_twice(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    row: Row = {"id": 3, "openid": "o1", "agent": "a@b", "text": "x", "created": 1.0, "state": "sent"}
    found = Contents(1, {3: row}, {}, {}, top=9)
    assert rebuild(path, OUTBOX_SCHEMA, found, None) == Saved(kept=1, copied=0, lost=8)
    with closing(sqlite3.connect(path)) as connection:
        add = "INSERT INTO outbox (openid, agent, text, created) VALUES ('o1', 'a@b', 'next', 1)"
        assert connection.execute(add).lastrowid == 10
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE outbox SET state = 'queued' WHERE id = 3")


async def test_f_s11_without_a_readable_page_the_newest_good_back_up_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    before = await made(path)
    newest, older, _ = copies_of(path)
    shutil.copyfile(newest, older)
    newest.write_bytes(newest.read_bytes()[: PAGE * 3])
    path.write_bytes(b"\xa5" * path.stat().st_size)
    async with opened(path) as database:
        after = await rows_in(database)
        drafts = await SqliteDrafts(database).load()
        assert key(database) == ["found.outbox.copied", "found.outbox.elsewhere"]
        words = dict(database.findings[0].words.params)
    assert (words["saved"], words["copied"], words["lost"]) == (0, ROWS, 0)
    assert set(after) == set(before)
    assert len(drafts) == 3
    nothing_goes_by_itself(before, after)
    assert path.with_name("outbox.db.damaged-1").read_bytes().startswith(b"\xa5")


async def test_f_s11_a_lost_row_comes_from_the_back_up_or_from_its_claim(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    before = await made(path, 18)
    sent = [n for n, item in before.items() if item.state is SendState.SENT]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM outbox WHERE id IN (?, ?)", (sent[0], 1))
        connection.commit()
    body = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'outbox_customer'")
        page = root.fetchone()[0] - 1
    body[page * PAGE : page * PAGE + PAGE] = b"\xa5" * PAGE
    path.write_bytes(body)
    killed(path)
    newest = copies_of(path)[0]
    spare = newest.read_bytes()
    newest.unlink()
    async with opened(path) as database:
        after = await rows_in(database)
        assert dict(database.findings[0].words.params)["lost"] == 1
    told = after[sent[0]]
    assert (told.state, told.text, told.openid) == (
        SendState.SENT,
        before[sent[0]].text,
        before[sent[0]].openid,
    )
    assert 1 not in after
    newest.write_bytes(spare)
    path.write_bytes(body)
    killed(path)
    async with opened(path) as database:
        again = await rows_in(database)
        assert dict(database.findings[0].words.params)["copied"] == 2
    assert set(again) == set(before)
    assert again[1].text == before[1].text
    nothing_goes_by_itself(before, again)


@pytest.mark.parametrize("version", [1, 2])
async def test_f_s11_a_file_of_any_version_is_saved_and_brought_up_to_date(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "outbox.db"
    with closing(sqlite3.connect(path)) as connection:
        for script in sorted(OUTBOX_SCHEMA.glob("*.sql"))[:version]:
            connection.executescript(script.read_text())
        connection.execute(f"PRAGMA user_version = {version}")
        for number in range(40):
            row = (f"o{number % 5}", "a@b", "words" * 90, 1.0, "queued")
            statement = "INSERT INTO outbox (openid, agent, text, created, state) VALUES (?, ?, ?, ?, ?)"
            connection.execute(statement, row)
        connection.commit()
    body = bytearray(path.read_bytes())
    body[-PAGE:] = b"\xa5" * PAGE
    path.write_bytes(body)
    killed(path)
    async with opened(path) as database:
        after = await rows_in(database)
        assert key(database)[0] == "found.outbox.salvaged"
        version_now = await database.read(lambda c: c.execute("PRAGMA user_version").fetchone()[0])
    assert version_now == len(list(OUTBOX_SCHEMA.glob("*.sql")))
    assert len(after) > 20
    assert {item.state for item in after.values()} == {SendState.UNKNOWN}


async def test_f_s11_a_kill_between_the_steps_of_mending_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "outbox.db"
    before = await made(path)
    for copy in copies_of(path):
        copy.unlink(missing_ok=True)
    path.write_bytes(path.read_bytes()[:-PAGE] + b"\xa5" * PAGE)
    killed(path)
    real = Path.replace

    def killed_here(self: Path, target: Path) -> Path:
        if str(target).endswith("outbox.db"):
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", killed_here)
    with pytest.raises(KeyboardInterrupt):
        OutboxKeeper().mend(path, OUTBOX_SCHEMA, DeskError(Failure(Category.STORAGE, NOTHING)))
    monkeypatch.undo()
    assert not path.exists()
    async with opened(path) as database:
        after = await rows_in(database)
    assert len(after) > ROWS // 2
    nothing_goes_by_itself(before, after)


# --- what is no outbox


@pytest.mark.parametrize("content", [b"this is no database, it is a letter" * 200, b"x", b""])
async def test_f_s12_a_file_that_is_no_database_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "outbox.db"
    path.write_bytes(content)
    async with opened(path) as database:
        assert await rows_in(database) == {}
        assert key(database) == (["found.outbox.salvaged"] if content else [])
    if content:
        assert path.with_name("outbox.db.damaged-1").read_bytes() == content


# --- back-ups


async def test_back_ups_move_on_and_a_damaged_file_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    newest, older, oldest = copies_of(path)
    async with opened(path) as database:
        outbox = SqliteOutbox(database)
        for number in range(3):
            await outbox.enqueue("o1", "a@b", str(number), now=1.0)
            await database.aside(lambda c: back_up(c, path))
            os.utime(newest, (number * 3600, number * 3600))
        assert [len(rows_of(copy)) for copy in (newest, older, oldest)] == [3, 2, 1]
        os.utime(older, (90000, 90000))
        await database.aside(lambda c: back_up(c, path))
        assert [len(rows_of(copy)) for copy in (newest, older, oldest)] == [3, 3, 2]
        if os.name == "posix":
            assert {stat.S_IMODE(copy.stat().st_mode) for copy in copies_of(path)} == {0o600}
    body = bytearray(path.read_bytes())
    body[PAGE * 3 :] = b"\xa5" * (len(body) - PAGE * 3)
    (tmp_path / "other.db").write_bytes(body)
    with closing(sqlite3.connect(tmp_path / "other.db")) as broken, pytest.raises((DeskError, sqlite3.Error)):
        back_up(broken, path)
    assert len(rows_of(newest)) == 3


def rows_of(copy: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(copy)) as connection:
        return connection.execute("SELECT id FROM outbox").fetchall()


async def test_a_clean_end_keeps_a_back_up_when_something_changed(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    await made(path)
    newest, older, _ = copies_of(path)
    assert len(rows_of(newest)) == ROWS
    async with opened(path):
        pass
    assert not older.exists()
