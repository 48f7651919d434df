"""Search finds exactly what a plain comparison of the folded texts finds, newest first."""

import random
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import OperCode, Record, record_key
from kefu_desk.domain.search import Search, folded
from kefu_desk.storage import ARCHIVE_SCHEMA
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.database import Database
from kefu_desk.storage.search import BY_INDEX, OF_ALL, OF_CUSTOMER
from kefu_desk.storage.words import matching

ALPHABET = "退款发票好的aAbＡ１1 ，,。\n\t\0*\"'%_()-^:é€😂👍🏽ﬁßİ\u3000\u200d\uf900\ue000\x80"
OPENIDS = [OpenId(f"o{n}") for n in range(4)]
AGENTS = [AgentId(f"kf{n}@shop") for n in range(3)]


def said(time: int, words: str, openid: str = "o0", worker: str = "kf0@shop") -> Record:
    return Record(OpenId(openid), AgentId(worker), int(OperCode.CUSTOMER_SENT), words, time)


def oracle(stored: list[Record], query: Search) -> list[Record]:
    """What is to be found among records in the order of time and arrival."""
    found = [
        record
        for record in reversed(stored)
        if folded(query.words) in folded(record.text)
        and query.openid in (None, record.openid)
        and query.agent in (None, record.worker)
        and (query.start is None or record.time >= query.start)
        and (query.end is None or record.time <= query.end)
    ]
    return found[: query.limit] if folded(query.words) else []


def story(seed: int, count: int) -> list[Record]:
    rng = random.Random(seed)
    bits = [
        "退款",
        "发票",
        "好的",
        "订单号",
        "SF123",
        "ok",
        "😂",
        "，",
        " ",
        "的",
        "款退",
        "AA",
        "%",
        "*",
        "\n",
    ]
    lines = ("".join(rng.choices(bits, k=rng.randrange(7))) for _ in range(count))
    everything = [
        said(rng.randrange(count // 2), words, rng.choice(OPENIDS), rng.choice(AGENTS)) for words in lines
    ]
    return list({record_key(record): record for record in everything}.values())


def in_order(arrived: list[Record]) -> list[Record]:
    return sorted(arrived, key=lambda record: record.time)  # keeps the order of arrival within a second


@pytest.mark.parametrize("length", [1, 2, 3, 4, 6, 9])
async def test_needles_of_every_length_in_a_long_story(archive: SqliteArchive, length: int) -> None:
    arrived = story(length, 1200)
    rng = random.Random(length)
    for first in range(0, len(arrived), 300):
        await archive.add(arrived[first : first + 300])
    stored = in_order(arrived)
    for _ in range(60):
        form = folded(rng.choice(stored).text + rng.choice(stored).text)
        start = rng.randrange(max(1, len(form) - length + 1))
        query = Search(form[start : start + length], limit=rng.choice((1, 50, 5000)))
        assert list(await archive.search(query)) == oracle(stored, query)


texts = st.text(alphabet=ALPHABET, max_size=12)
queries = st.builds(
    Search,
    words=texts,
    openid=st.none() | st.sampled_from(OPENIDS),
    agent=st.none() | st.sampled_from(AGENTS),
    start=st.none() | st.integers(-1, 9),
    end=st.none() | st.integers(-1, 9),
    limit=st.sampled_from([0, 1, 2, 50]),
)
batches = st.lists(
    st.lists(
        st.builds(said, st.integers(0, 8), texts, st.sampled_from(OPENIDS), st.sampled_from(AGENTS)),
        max_size=8,
    ),
    max_size=4,
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches, st.lists(queries, min_size=1, max_size=6), st.booleans())
async def test_any_texts_and_any_question(
    tmp_path_factory: pytest.TempPathFactory, given_: list[list[Record]], asked: list[Search], cut: bool
) -> None:
    path = tmp_path_factory.mktemp("archive") / "archive.db"
    async with Database.open(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL") as database:
        archive = SqliteArchive(database)
        arrived = [record for batch in given_ for record in await archive.add(batch)]
        stored = in_order(arrived)
        for query in asked:
            assert list(await archive.search(query)) == oracle(stored, query)
            form = folded(stored[0].text) if stored else ""
            part = Search(form[: max(1, len(form) // 2)] if cut else form[-2:])
            assert list(await archive.search(part)) == oracle(stored, part)


async def test_pages_of_hits_join_without_a_hole(archive: SqliteArchive) -> None:
    arrived = story(3, 900)
    await archive.add(arrived)
    for extra in ({}, {"openid": OPENIDS[1]}, {"agent": AGENTS[2], "start": 30, "end": 300}):
        whole = Search("退款", limit=9999, **extra)
        found: list[Record] = []
        while page := await archive.search(
            Search("退款", limit=7, before=record_key(found[-1]) if found else None, **extra)
        ):
            found += page
        assert found == oracle(in_order(arrived), whole)
        assert len(found) > 7


async def test_width_case_and_blanks_do_not_count_and_punctuation_does(archive: SqliteArchive) -> None:
    text = "您好，订单ＳＦ１２３\n\n  已 发货！"
    await archive.add([said(1, text)])
    for words in ("您好,订单sf123", " 已 发货! ", "3 已\u3000发货", "SF12", "，", "！"):
        assert await archive.search(Search(words)) == (said(1, text),), words
    for words in ("您好订单", "已发货", "sf12 3", "好。"):
        assert await archive.search(Search(words)) == (), words


HOSTILE = [
    '"', '""', "*", "a*", "NEAR", "NEAR(a b)", "a NEAR b", "a AND", "AND", "OR", "NOT", "(", ")", "^a", "-a",
    "a:b", "tokens:a", "%", "_", "\\", "'", "';--", "\0", "a\0b", "\x1f", "\x80", "\x800", "\ud800",
    "a" * 10_240, "退款" * 5_000,
    " ", "\n", "{a}", "+", "a + b", "\ufffe", "😂" * 3000, "İ", "\u0345",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
async def test_f_c18_whatever_is_typed_is_no_error_and_means_itself(
    archive: SqliteArchive, words: str
) -> None:
    texts = [w for w in HOSTILE if w != "\ud800"] + ["plain", "a b", "ab", "near"]
    arrived = [said(time, w, OPENIDS[time % 3]) for time, w in enumerate(texts)]
    await archive.add(arrived)
    for extra in ({}, {"agent": AGENTS[0]}, {"openid": OPENIDS[0]}, {"openid": words}, {"agent": words}):
        query = Search(words, **extra)
        assert list(await archive.search(query)) == oracle(arrived, query)


async def test_f_s20_no_search_sorts_or_walks_more_than_it_says(archive_file: Database) -> None:
    archive = SqliteArchive(archive_file)
    await archive.add(story(1, 200))

    def plan(connection: sqlite3.Connection, statement: str, *values: object) -> list[str]:
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]

    named = [
        "SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH worker USING INTEGER PRIMARY KEY (rowid=?)",
    ]
    steps = await archive_file.read(lambda c: plan(c, BY_INDEX, matching("退款", 1), 0, 2**62))
    assert steps[0].startswith("SCAN words VIRTUAL TABLE INDEX")
    assert steps[1:] == ["SEARCH line USING INTEGER PRIMARY KEY (rowid=?)", *named]
    steps = await archive_file.read(lambda c: plan(c, OF_ALL, 0, 2**62, 9))
    assert steps == ["SEARCH line USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", *named]
    steps = await archive_file.read(lambda c: plan(c, OF_CUSTOMER, 0, 2**62, 1, 9))
    assert steps == ["SEARCH line USING INDEX line_conversation (customer=? AND id>? AND id<?)", *named]


async def test_records_that_are_forgotten_are_not_found_and_the_others_are(archive_file: Database) -> None:
    def kept(connection: sqlite3.Connection) -> int:
        known = "SELECT count(*) FROM words WHERE words MATCH ?"
        return int(connection.execute(known, (matching("退款", None),)).fetchone()[0])

    archive = SqliteArchive(archive_file)
    arrived = story(5, 1300)
    await archive.add(arrived)
    await archive.forget_before(400)
    await archive.forget(OPENIDS[2])
    left = [r for r in in_order(arrived) if r.time >= 400 and r.openid != OPENIDS[2]]
    for words in ("退款", "的", "订单号sf", "ok"):
        query = Search(words, limit=9999)
        assert list(await archive.search(query)) == oracle(left, query)
    assert await archive_file.read(kept) == len(oracle(left, Search("退款", limit=9999)))
    assert (await archive.digests([OPENIDS[2]]))[OPENIDS[2]].last is None
    first = (await archive.digests([OPENIDS[0]]))[OPENIDS[0]]
    assert (first.visits, first.last_visit) == (1, next(r.time for r in left if r.openid == OPENIDS[0]))
    again = await archive.add(arrived)
    assert len(again) == len(arrived) - len(left)
    query = Search("退款", limit=9999)
    assert list(await archive.search(query)) == oracle(in_order(left + list(again)), query)
