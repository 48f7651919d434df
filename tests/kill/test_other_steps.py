"""kill -9 while a line is joined, undone, refused, sent again; while a file is opened, closed, migrated."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.migrate import scripts, statements
from tests.kill.conftest import MakeShop
from tests.kill.driver import LATER, Running, Shop, on_disk

FIRST, SECOND, THIRD = "第一句", "第二句", "第三句"
LONG, SHORT = 9.0, 0.1
UNREACHABLE = 48002


def types(shop: Shop, running: Running, openid: str, words: str) -> None:
    """Types a line, which is kept as a draft, and presses Enter."""
    kept = len(running.said("kept"))
    running.order("draft", openid=openid, text=words)
    running.until(lambda: len(running.said("kept")) > kept, "draft")
    shop.sends(running, openid, words)


def sends_both(shop: Shop, running: Running, openid: str) -> None:
    """Two replies, the second of which waits behind the first when that one gets its answer."""
    shop.town.shuts()
    running.ready()
    for words in (FIRST, SECOND):
        shop.sends(running, openid, words)
    running.until(lambda: len(running.said("took")) == 2)
    shop.town.opens()


@pytest.mark.parametrize("at", ["commit join", "after join"])
def test_f_s01_killed_while_a_line_joins(shop: MakeShop, at: str) -> None:
    opened = shop(LONG)
    openid = opened.town.served()
    with opened.desk(at) as running:
        running.ready()
        types(opened, running, openid, FIRST)
        running.until(lambda: running.said("took"))
        types(opened, running, openid, SECOND)
    joined = at == "after join"
    disk = on_disk(opened.folder)
    whole = f"{FIRST}\n{SECOND}" if joined else FIRST
    assert [(r["text"], r["state"], r["lines"]) for r in disk.rows] == [(whole, "held", 2 if joined else 1)]
    assert disk.drafts == ({} if joined else {openid: SECOND})
    with opened.desk(hold=SHORT) as running:
        running.ready().comes_to(whole, "sent")
    opened.settles()
    assert opened.town.received(openid) == [whole]


@pytest.mark.parametrize("at", ["commit take_back", "after take_back"])
def test_f_s01_killed_while_a_line_is_undone(shop: MakeShop, at: str) -> None:
    opened = shop(LONG)
    openid = opened.town.served()
    with opened.desk(at) as running:
        running.ready()
        types(opened, running, openid, FIRST)
        running.until(lambda: running.said("took"))
        running.order("undo", openid=openid)
    disk = on_disk(opened.folder)
    undone = at == "after take_back"
    assert (disk.states(FIRST), disk.drafts) == (
        (["cancelled"], {openid: FIRST}) if undone else (["held"], {})
    )
    with opened.desk(hold=SHORT) as running:
        running.ready()
        if not undone:
            running.comes_to(FIRST, "sent")
    opened.settles()
    assert opened.town.received(openid) == ([] if undone else [FIRST])


@pytest.mark.parametrize("at", ["commit refuse", "after refuse"])
def test_f_s01_killed_while_a_refusal_parks_what_waits(shop: MakeShop, at: str) -> None:
    opened = shop(0.0)
    openid = opened.town.served()
    opened.town.refuses(openid, UNREACHABLE)
    with opened.desk(at) as running:
        sends_both(opened, running, openid)
    opened.town.ahead += LATER
    known = at == "after refuse"
    disk = on_disk(opened.folder)
    assert [r["state"] for r in disk.rows] == (["failed", "parked"] if known else ["sending", "queued"])
    with opened.desk() as running:
        running.ready()
        if not known:
            opened.answers(running, FIRST, "left")
            running.comes_to(SECOND, "failed")
    disk = opened.settles()
    assert [r["state"] for r in disk.rows] == (["failed", "parked"] if known else ["resolved", "failed"])
    assert opened.town.received(openid) == []


def in_question(shop: Shop, openid: str) -> None:
    """A send of which nobody knows, and one that waits behind it."""
    with shop.desk("after move sending") as running:
        running.ready()
        shop.sends(running, openid, FIRST)
    shop.town.ahead += LATER


@pytest.mark.parametrize(
    ("decision", "at", "states"),
    [
        ("again", "commit enqueue", ["unknown"]),
        ("again", "after enqueue", ["resolved", "queued"]),
        ("arrived", "commit move resolved", ["unknown"]),
        ("arrived", "after move resolved", ["resolved"]),
    ],
)
def test_f_s01_killed_while_a_question_is_answered(
    shop: MakeShop, decision: str, at: str, states: list[str]
) -> None:
    opened = shop(0.0)
    openid = opened.town.served()
    in_question(opened, openid)
    with opened.desk(at) as running:
        row = running.ready().comes_to(FIRST, "unknown", asked=True)
        running.order("answer", number=row["id"], decision=decision)
    assert on_disk(opened.folder).states(FIRST) == states
    with opened.desk() as running:
        running.ready()
        if states == ["unknown"]:
            opened.answers(running, FIRST, decision)
        if decision == "again":
            running.comes_to(FIRST, "sent")
    disk = opened.settles()
    assert disk.states(FIRST) == ["resolved", "sent"] if decision == "again" else ["resolved"]
    assert opened.town.received(openid) == ([FIRST] if decision == "again" else [])


def test_f_s01_killed_again_and_again_while_it_recovers(shop: MakeShop) -> None:
    opened = shop(0.0)
    openid = opened.town.served()
    with opened.desk("server acted") as running:
        sends_both(opened, running, openid)
    for at in ("commit recover", "after recover", "commit claim", "after claim", "commit move sending"):
        with opened.desk(at):
            pass
        assert on_disk(opened.folder).states(SECOND) == ["queued"]
    with opened.desk() as running:
        running.ready().comes_to(SECOND, "sent")
    disk = opened.settles()
    assert [(r["state"], r["proof"]) for r in disk.rows] == [("sent", "record"), ("sent", "reply")]
    assert opened.town.received(openid) == [FIRST, SECOND]


OPENING = ("before replace outbox.db.mark", "after replace outbox.db.mark")


@pytest.mark.parametrize(
    ("at", "nth"),
    [(at, nth) for at in OPENING for nth in (1, 2)] + [("sql BEGIN IMMEDIATE", 1), ("sql COMMIT", 1)],
)
def test_f_s01_what_waits_is_sent_after_a_kill_while_its_file_was_opened(
    shop: MakeShop, at: str, nth: int
) -> None:
    opened = shop(0.0)
    openid = opened.town.served()
    with opened.desk("after enqueue") as running:
        running.ready()
        opened.sends(running, openid, FIRST)
    with opened.desk(at, nth):
        pass
    assert on_disk(opened.folder).states(FIRST) == ["queued"]
    with opened.desk() as running:
        row = running.ready().comes_to(FIRST, "sent")
        assert row["attempts"] == 1
    opened.settles()
    assert opened.town.received(openid) == [FIRST]


CLOSING = [
    ("before backup", 1), ("page of backup", 2), ("after backup", 1),
    ("before replace outbox.db.bak-1", 1), ("after replace outbox.db.bak-1", 1),
    *[(at, nth) for at in OPENING for nth in (3, 4)], ("sql PRAGMA wal_checkpoint", 1),
]  # fmt: skip


@pytest.mark.parametrize(("at", "nth"), CLOSING)
def test_f_s01_what_waits_is_sent_after_a_kill_while_its_file_was_closed(
    shop: MakeShop, at: str, nth: int
) -> None:
    opened = shop(0.0)
    openid = opened.town.served()
    in_question(opened, openid)
    with opened.desk(at, nth) as running:
        running.ready().comes_to(FIRST, "unknown", asked=True)
        opened.sends(running, openid, SECOND)
        running.until(lambda: running.said("took"))
        running.order("quit")
    assert [r["state"] for r in on_disk(opened.folder).rows] == ["unknown", "queued"]
    copy = opened.folder / "outbox.db.bak-1"
    if copy.exists():
        assert [r["text"] for r in rows_of(copy)] == [FIRST, SECOND]
    with opened.desk() as running:
        running.ready()
        assert running.rows[2]["state"] == "queued"
        opened.answers(running, FIRST, "left")
        running.comes_to(SECOND, "sent")
    opened.settles()
    assert opened.town.received(openid) == [SECOND]


def rows_of(file: Path) -> list[sqlite3.Row]:
    """What a whole file holds."""
    with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return connection.execute("SELECT * FROM outbox ORDER BY id").fetchall()


def first_version(file: Path, openid: str, agent: str) -> list[tuple[int, str]]:
    """An outbox as the first version of the program left it: rows in every state, a claim, a draft.

    One was sent when the computer had lost its clock.
    """
    states = ("sent", "failed", "cancelled", "resolved", "sending", "unknown", "queued")
    file.parent.mkdir()
    now = int(time.time()) - 60
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for statement in statements(scripts(OUTBOX_SCHEMA)[0][1]):
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")
        for number, state in enumerate(states, 1):
            connection.execute(
                "INSERT INTO outbox (openid, agent, text, created, state, started) VALUES (?, ?, ?, ?, ?, ?)",
                (openid, agent, f"旧{number}", now, state, 1 if state == "unknown" else now),
            )
        connection.execute("INSERT INTO claim VALUES (?, ?, 2002, ?, '旧1', 0, 1)", (openid, agent, now))
        connection.execute("INSERT INTO draft VALUES (?, '草稿')", (openid,))
    return list(enumerate(states, 1))


MIGRATING = (
    ("before backup", 1), ("page of backup", 3), ("after backup", 1), ("before replace outbox.db.v1.bak", 1),
    ("after replace outbox.db.v1.bak", 1), ("sql BEGIN IMMEDIATE", 1), ("sql INSERT INTO claim_new", 1),
    ("sql DROP TABLE", 2), ("sql ALTER TABLE", 2), ("sql CREATE INDEX", 5), ("sql CREATE TRIGGER", 1),
    ("sql PRAGMA user_version =", 1), ("sql COMMIT", 1), ("sql COMMIT", 2),
)  # fmt: skip


@pytest.mark.parametrize(("at", "nth"), MIGRATING)
def test_f_s13_killed_while_the_file_is_brought_up_to_date(shop: MakeShop, at: str, nth: int) -> None:
    opened = shop(0.0)
    openid = opened.town.served()
    file = opened.folder / "outbox.db"
    before = first_version(file, openid, "kf2001@luye")
    with opened.desk(at, nth):
        pass
    disk = on_disk(opened.folder)
    assert disk.version in (1, len(scripts(OUTBOX_SCHEMA)))
    assert [(r["id"], r["state"]) for r in disk.rows] == before
    copy = file.with_name("outbox.db.v1.bak")
    assert not copy.exists() or [(r["id"], r["state"]) for r in rows_of(copy)] == before
    with opened.desk() as running:
        running.ready()
    disk = on_disk(opened.folder)
    assert disk.version == len(scripts(OUTBOX_SCHEMA))
    # what waited in a file that bears no mark yet may have been sent by another copy of it
    assert [r["state"] for r in disk.rows] == [*(state for _, state in before[:4]), *["unknown"] * 3]
    assert disk.drafts == {openid: "草稿"}
    assert opened.town.received(openid) == []


@pytest.mark.parametrize("more", [0, 1, 24, 4120, 5000, 9000])
def test_f_s01_killed_in_the_middle_of_a_write(shop: MakeShop, more: int) -> None:
    opened = shop(0.0)
    openid = opened.town.served()
    with opened.desk("brim") as running:
        running.ready()
        types(opened, running, openid, FIRST)
        running.comes_to(FIRST, "sent")
        running.order("brim", folder=str(opened.folder), more=more)
        running.until(lambda: running.said("brim"))
        for number in range(30):
            opened.sends(running, openid, f"{number} {'长' * 400}")
    on_disk(opened.folder)
    opened.town.ahead += LATER
    with opened.desk() as running:
        running.ready()
        opened.comes_to_rest(running)
    opened.settles()
