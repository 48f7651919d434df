import random
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.domain.digest import EMPTY, Digest
from kefu_desk.domain.messages import OperCode, Record, numbered
from kefu_desk.storage import ARCHIVE_SCHEMA
from kefu_desk.storage.archive import CONVERSATION, SqliteArchive
from kefu_desk.storage.database import Database
from kefu_desk.storage.digests import DIGESTS
from kefu_desk.storage.intake import VISIT_GAP_SECONDS

CUSTOMER, AGENT = int(OperCode.CUSTOMER_SENT), int(OperCode.AGENT_SENT)
GAP = VISIT_GAP_SECONDS


def said(time: int, openid: str = "o1", words: str = "hi", ordinal: int = 0) -> Record:
    return Record(openid, "a@b", CUSTOMER, words, time, ordinal)


def answered(time: int, openid: str = "o1", words: str = "yes", worker: str = "a@b") -> Record:
    return Record(openid, worker, AGENT, words, time)


async def test_only_new_records_come_back_in_the_given_order(archive: SqliteArchive) -> None:
    first = [said(5), said(3), answered(4)]
    assert await archive.add(first) == tuple(first)
    again = [said(9), said(3), answered(4), said(1), said(9)]
    assert await archive.add(again) == (said(9), said(1))
    assert await archive.add(again) == ()
    assert await archive.add([]) == ()


@pytest.mark.parametrize("field", ["openid", "worker", "opercode", "text", "time", "ordinal"])
async def test_every_part_of_the_identity_counts(archive: SqliteArchive, field: str) -> None:
    base = {"openid": "o1", "worker": "a@b", "opercode": 2002, "text": "hi", "time": 7, "ordinal": 0}
    other = {"openid": "o2", "worker": "c@d", "opercode": 2003, "text": "HI", "time": 8, "ordinal": 1}
    await archive.add([Record(**base)])
    assert len(await archive.add([Record(**{**base, field: other[field]})])) == 1


async def test_the_same_words_twice_in_one_second_stay_two_when_read_twice(archive: SqliteArchive) -> None:
    window = numbered([said(7), said(7), answered(7), said(8)])
    assert await archive.add(window) == window
    wider = numbered([said(6), said(7), said(7), answered(7), said(8), said(8)])
    assert await archive.add(wider) == (said(6), said(8, ordinal=1))
    assert [(r.time, r.ordinal) for r in await archive.latest("o1", 10) if r.opercode == CUSTOMER] == [
        (6, 0),
        (7, 0),
        (7, 1),
        (8, 0),
        (8, 1),
    ]


async def test_a_conversation_is_ordered_by_time_then_by_arrival(archive: SqliteArchive) -> None:
    await archive.add([said(5, words="b"), said(9, words="d"), said(1, "o2")])
    await archive.add([said(5, words="a"), said(2, words="early")])
    assert [r.text for r in await archive.latest("o1", 10)] == ["early", "b", "a", "d"]
    assert [r.text for r in await archive.latest("o1", 2)] == ["a", "d"]
    assert await archive.latest("nobody", 2) == ()


async def test_texts_come_back_as_they_were(archive: SqliteArchive) -> None:
    words = ["", "  ", "[image]", "你好 😀", "a\0b", "'; DROP TABLE record; --", "<b>x</b>\r\n\u202e"]
    records = [said(time, words=text) for time, text in enumerate(words)]
    await archive.add(records)
    assert await archive.latest("o1", 100) == tuple(records)


async def test_a_customer_never_seen_has_an_empty_digest(archive: SqliteArchive) -> None:
    assert await archive.digests([]) == {}
    assert await archive.digests(["nobody"]) == {"nobody": EMPTY}


async def test_a_digest(archive: SqliteArchive) -> None:
    newest = GAP * 5
    await archive.add(
        [
            said(10),
            answered(20, worker="li@b"),
            said(newest),
            answered(newest + 1, worker="wang@b"),
            said(newest + 2, words="first"),
            said(newest + 2, words="second"),
            Record("o1", "a@b", 1000, "joined", newest + 3),
        ]
    )
    assert await archive.digests(["o1"]) == {
        "o1": Digest(
            last=Record("o1", "a@b", 1000, "joined", newest + 3),
            last_customer_time=newest + 2,
            unanswered_since=newest + 2,
            unanswered_count=2,
            agent_sends=0,
            visits=2,
            last_agent="wang@b",
            last_visit=newest,
        )
    }
    await archive.add([answered(newest + 4), answered(newest + 5)])
    (digest,) = (await archive.digests(["o1"])).values()
    assert (digest.unanswered_since, digest.unanswered_count, digest.agent_sends) == (None, 0, 2)


async def test_within_one_second_the_order_of_arrival_decides_what_is_answered(
    archive: SqliteArchive,
) -> None:
    await archive.add([said(7), answered(7)])
    await archive.add([answered(7, "o2"), said(7, "o2")])
    found = await archive.digests(["o1", "o2"])
    assert (found["o1"].unanswered_count, found["o1"].agent_sends) == (0, 1)
    assert (found["o2"].unanswered_count, found["o2"].agent_sends) == (1, 0)


async def test_a_customer_who_only_got_messages(archive: SqliteArchive) -> None:
    await archive.add([answered(7), answered(8)])
    (digest,) = (await archive.digests(["o1"])).values()
    assert digest == Digest(last=answered(8), visits=1, last_agent="a@b", last_visit=7)


def digest_by_hand(rows: list[Record]) -> Digest:
    """The same meaning written down without SQL."""
    if not rows:
        return EMPTY
    customer = [i for i, r in enumerate(rows) if r.opercode == CUSTOMER]
    agent = [i for i, r in enumerate(rows) if r.opercode == AGENT]
    unanswered = [rows[i] for i in customer if not agent or i > agent[-1]]
    starts = [i for i, r in enumerate(rows) if i == 0 or r.time - rows[i - 1].time > GAP]
    return Digest(
        last=rows[-1],
        last_customer_time=rows[customer[-1]].time if customer else None,
        unanswered_since=unanswered[0].time if unanswered else None,
        unanswered_count=len(unanswered),
        agent_sends=sum(i > customer[-1] for i in agent) if customer else 0,
        visits=len(starts),
        last_agent=rows[agent[-1]].worker if agent else None,
        last_visit=rows[starts[-1]].time,
    )


records = st.builds(
    Record,
    openid=st.sampled_from(["o1", "o2"]),
    worker=st.sampled_from(["a@b", "c@d"]),
    opercode=st.sampled_from([CUSTOMER, AGENT, 1000]),
    text=st.sampled_from(["x", "y"]),
    time=st.sampled_from([0, 1, GAP - 1, GAP, GAP + 1, 2 * GAP, 3 * GAP + 1, 4 * GAP]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(records, max_size=6), max_size=4))
async def test_digests_of_records_in_any_order_agree_with_the_plain_rule(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Record]]
) -> None:
    path = tmp_path_factory.mktemp("archive") / "archive.db"
    async with Database.open(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL") as database:
        archive = SqliteArchive(database)
        arrived = [record for batch in batches for record in await archive.add(batch)]
        found = await archive.digests(["o1", "o2"])
        for openid in ("o1", "o2"):
            # sorted() keeps the order of arrival among equals
            rows = sorted((r for r in arrived if r.openid == openid), key=lambda r: r.time)
            assert list(await archive.latest(openid, 100)) == rows
            assert found[openid] == digest_by_hand(rows)


async def test_no_query_walks_or_sorts_a_table(archive: SqliteArchive, archive_file: Database) -> None:
    await archive.add([said(n, f"o{n % 5}") for n in range(200)])

    def plan(connection: sqlite3.Connection, statement: str, parameters: object) -> list[str]:
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]

    steps = await archive_file.read(lambda c: plan(c, CONVERSATION, ("o1", 2**63 - 1, 200)))
    assert steps == [
        "SEARCH customer USING COVERING INDEX sqlite_autoindex_customer_1 (openid=?)",
        "SEARCH line USING INDEX line_conversation (customer=? AND id<?)",
        "SEARCH worker USING INTEGER PRIMARY KEY (rowid=?)",
    ]
    asked = {"openids": '["o1"]', "customer": CUSTOMER, "agent": AGENT}
    steps = await archive_file.read(lambda c: plan(c, DIGESTS, asked))
    assert not [s for s in steps if "TEMP B-TREE" in s]
    scanned = [s for s in steps if s.startswith("SCAN") and "asked" not in s]
    assert scanned == ["SCAN newest"]  # the query's own small table, a row a customer
    in_table = [s for s in steps if s.startswith("SEARCH") and "COVERING INDEX" not in s]
    assert in_table == [
        "SEARCH last USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH worker USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH answer USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
        "SEARCH answerer USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
    ]


async def test_many_customers_in_one_question(archive: SqliteArchive) -> None:
    rng = random.Random(1)
    everyone = [f"o{n}" for n in range(2000)]
    await archive.add([said(rng.randrange(10**6), openid) for openid in everyone])
    found = await archive.digests(everyone)
    assert list(found) == everyone
    assert all(found[o].last is not None and found[o].last.openid == o for o in everyone)
