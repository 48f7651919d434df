"""Reading records: every record once, whichever way the server's cursor works, and never for ever."""

import json
import logging
from contextlib import suppress
from itertools import pairwise
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.domain.messages import Record, RecordKey, record_key
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ApiError, ReplyTooLarge, WeChatError
from kefu_desk.wechat.exchange import REPLY_BYTES
from kefu_desk.wechat.records import DAY, PAGE, Place, RecordReader, days, identified

MIDNIGHT = 1_790_006_400  # 2026-09-22 00:00 in Shanghai


class Book:
    """A server's records: ids ascend, a page is cut by number, the cursor is exclusive or inclusive."""

    def __init__(
        self, rows: list[tuple[int, str]], *, inclusive: bool = False, same_day: bool = True
    ) -> None:
        self.rows = [(n + 2, time, words) for n, (time, words) in enumerate(rows)]
        self.inclusive = inclusive
        self.same_day = same_day
        self.asked: list[dict[str, int]] = []

    def __call__(self, request: httpx.Request) -> dict[str, Any]:
        asked = json.loads(request.read())
        self.asked.append(asked)
        start, end = asked["starttime"], asked["endtime"]
        if end - start > DAY or (self.same_day and (start + 28800) // DAY != (end + 28800) // DAY):
            return {"errcode": 65417, "errmsg": "too long"}
        first = asked["msgid"] if self.inclusive else asked["msgid"] + 1
        found = [row for row in self.rows if start <= row[1] <= end and row[0] >= first][: asked["number"]]
        return {
            "recordlist": [
                {"openid": "o1", "opercode": 2003, "text": words, "time": time, "worker": "a@b"}
                for _, time, words in found
            ],
            "number": len(found),
            "msgid": found[-1][0] if found else 0,
        }


async def read(wechat: WeChatClient, start: int, end: int, number: int) -> list[tuple[int, str]]:
    return [(r.time, r.text) async for r in wechat.records(start, end, number=number)]


BURSTS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["好的", "在吗", "嗯"])), max_size=25)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)


@QUIET
@given(rows=BURSTS, number=st.integers(1, 7))
async def test_an_exclusive_cursor_gives_every_record_once(
    wechat: WeChatClient, script: Any, rows: list[tuple[int, str]], number: int
) -> None:
    rows = sorted((MIDNIGHT + time, words) for time, words in rows)
    script.answer = Book(rows)
    assert await read(wechat, MIDNIGHT, MIDNIGHT + 10, number) == rows


@QUIET
@given(rows=BURSTS, number=st.integers(2, 7))
async def test_an_inclusive_cursor_gives_every_record_once(
    wechat: WeChatClient, script: Any, rows: list[tuple[int, str]], number: int
) -> None:
    rows = sorted((MIDNIGHT + time, words) for time, words in rows)
    script.answer = Book(rows, inclusive=True)
    assert await read(wechat, MIDNIGHT, MIDNIGHT + 10, number) == rows


@QUIET
@given(rows=BURSTS, number=st.integers(2, 7), inclusive=st.booleans(), stops=st.sets(st.integers(0, 12)))
async def test_a_reading_that_is_broken_off_goes_on_from_its_place(
    wechat: WeChatClient,
    script: Any,
    rows: list[tuple[int, str]],
    number: int,
    inclusive: bool,
    stops: set[int],
) -> None:
    rows = sorted((MIDNIGHT - 2 + time, words) for time, words in rows)  # over midnight
    script.answer = Book(rows, inclusive=inclusive)
    found: list[tuple[int, str]] = []
    place: Place | None = None
    for round_ in range(40):
        pages = RecordReader(wechat).pages(MIDNIGHT - 5, MIDNIGHT + 10, place=place, number=number)
        async for records, after in pages:
            found += [(record.time, record.text) for record in records]
            place = msgspec.json.decode(msgspec.json.encode(after), type=Place)
            if round_ in stops:
                break
        else:
            break
        await pages.aclose()
    assert found == rows


async def test_nothing_before_a_place_is_asked_for_again(wechat: WeChatClient, script: Any) -> None:
    rows = [(MIDNIGHT + n, str(n)) for n in range(6)] + [(MIDNIGHT + DAY + n, str(n)) for n in range(3)]
    script.answer = book = Book(rows)
    places = [p async for _, p in RecordReader(wechat).pages(MIDNIGHT, MIDNIGHT + DAY + 9, number=4)]
    assert [place.start for place in places] == [MIDNIGHT, MIDNIGHT + DAY, MIDNIGHT + DAY + 10]
    book.asked.clear()
    rest = RecordReader(wechat).pages(MIDNIGHT, MIDNIGHT + DAY + 9, place=places[0], number=4)
    assert [len(records) async for records, _ in rest] == [2, 3]
    assert [asked["msgid"] for asked in book.asked] == [places[0].cursor, 1]
    book.asked.clear()
    assert [p async for p in RecordReader(wechat).pages(MIDNIGHT, MIDNIGHT + DAY + 9, place=places[-1])] == []
    assert book.asked == []


@QUIET
@given(rows=BURSTS, cuts=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4))
async def test_readings_that_overlap_merge_into_the_whole(
    wechat: WeChatClient, script: Any, rows: list[tuple[int, str]], cuts: list[tuple[int, int]]
) -> None:
    script.answer = Book(sorted((MIDNIGHT + time, words) for time, words in rows))

    async def reading(first: int, last: int) -> dict[RecordKey, Record]:
        items = [item async for item in wechat.records(MIDNIGHT + first, MIDNIGHT + last, number=5)]
        return {record_key(record): record for record in identified(items)}

    whole = await reading(0, 5)
    assert len(whole) == len(rows), "equal records of one second stay as many as they are"
    merged: dict[RecordKey, Record] = {}
    for first, last in [*cuts, (0, 2), (2, 5)]:
        merged |= await reading(min(first, last), max(first, last))
    assert merged == whole


ROWS = st.lists(
    st.fixed_dictionaries(
        {"openid": st.sampled_from(["o1", "", 7]), "time": st.sampled_from([MIDNIGHT, "1", -1])}
    )
    | st.none(),
    max_size=4,
)
PAGES = st.lists(
    st.fixed_dictionaries({}, optional={"recordlist": ROWS, "number": st.integers(), "msgid": st.integers()})
    | st.binary(max_size=20),
    max_size=8,
)


@pytest.mark.logs_warnings
@QUIET
@given(pages=PAGES, number=st.integers(1, 3))
async def test_reading_comes_to_an_end_whatever_the_pages_are(
    wechat: WeChatClient, script: Any, pages: list[Any], number: int
) -> None:
    left = list(pages)
    script.answer = lambda _: left.pop(0) if left else {"recordlist": [], "number": 0, "msgid": 0}
    script.requests.clear()
    with suppress(WeChatError):
        await read(wechat, MIDNIGHT, MIDNIGHT + 10, number)
    assert len(script.requests) <= len(pages) + 2


async def test_f_h16_one_malformed_record_in_ten_thousand_costs_itself_only(
    wechat: WeChatClient, script: Any
) -> None:
    book = Book([(MIDNIGHT + n // 10, str(n)) for n in range(PAGE)])

    def spoiled(request: httpx.Request) -> dict[str, Any]:
        reply = book(request)
        if reply["recordlist"]:
            reply["recordlist"][4711] = {"openid": ["o1"], "time": "noon", "text": {"a": 1}}
        return reply

    script.answer = spoiled
    found = [int(record.text) async for record in wechat.records(MIDNIGHT, MIDNIGHT + 1000)]
    assert found == [n for n in range(PAGE) if n != 4711]
    assert wechat.rows_skipped() == 1
    assert wechat.quarantine() == ('{"openid": ["o1"], "time": "noon", "text": {"a": 1}}',)
    book.rows = book.rows[:5000]
    for _ in range(150):
        await wechat.records_page(MIDNIGHT, MIDNIGHT + 1000)
    assert (wechat.rows_skipped(), len(wechat.quarantine())) == (151, 100)


@QUIET
@given(start=st.integers(0, 3 * DAY), length=st.integers(0, 4 * DAY))
def test_days_cover_the_period_without_gap_or_overlap_and_never_cross_midnight(
    start: int, length: int
) -> None:
    start += MIDNIGHT
    slices = days(start, start + length)
    assert (slices[0][0], slices[-1][1]) == (start, start + length)
    for (_, last), (first, _) in pairwise(slices):
        assert first == last + 1
        assert (first + 28800) % DAY == 0
    assert all((a + 28800) // DAY == (b + 28800) // DAY for a, b in slices)


async def test_a_period_is_read_day_by_day_even_from_a_server_that_insists(
    wechat: WeChatClient, script: Any
) -> None:
    rows = [(MIDNIGHT - 1, "a"), (MIDNIGHT, "b"), (MIDNIGHT + DAY - 1, "c"), (MIDNIGHT + DAY, "d")]
    script.answer = book = Book(rows)
    assert await read(wechat, MIDNIGHT - 100, MIDNIGHT + DAY + 100, PAGE) == rows
    assert len(book.asked) == 3


async def test_an_empty_period_costs_nothing(wechat: WeChatClient, script: Any) -> None:
    assert await read(wechat, MIDNIGHT, MIDNIGHT - 1, PAGE) == []
    assert script.requests == []


@pytest.mark.logs_warnings
@pytest.mark.parametrize("msgid", [0, 1, 5])
async def test_a_cursor_that_does_not_move_ends_the_day_with_a_warning(
    wechat: WeChatClient, script: Any, caplog: pytest.LogCaptureFixture, msgid: int
) -> None:
    row = {"openid": "o1", "time": MIDNIGHT, "text": "嗯"}
    texts = iter(range(10_000))
    script.answer = lambda _: {
        "recordlist": [row | {"text": str(next(texts))}, row | {"text": str(next(texts))}],
        "number": 2,
        "msgid": msgid,
    }
    found = await read(wechat, MIDNIGHT, MIDNIGHT + 9, 2)
    assert len(found) <= 4
    assert "did not move" in caplog.text


@pytest.mark.logs_warnings
async def test_the_same_page_again_and_again_ends_the_day(
    wechat: WeChatClient, script: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    cursor = iter(range(2, 10_000))
    row = {"openid": "o1", "time": MIDNIGHT, "text": "嗯"}
    script.answer = lambda _: {"recordlist": [row] * 100, "number": 100, "msgid": next(cursor)}
    assert len(await read(wechat, MIDNIGHT, MIDNIGHT + 9, 100)) == 100
    assert len(script.requests) == 2
    assert "same page" in caplog.text


async def test_a_full_page_with_a_malformed_row_is_still_a_full_page(
    wechat: WeChatClient, script: Any
) -> None:
    book = Book([(MIDNIGHT, "a"), (MIDNIGHT, "b"), (MIDNIGHT, "c")])

    def spoiled(request: httpx.Request) -> dict[str, Any]:
        reply = book(request)
        reply["recordlist"][0]["time"] = "noon"
        reply["number"] = 99
        return reply

    script.answer = spoiled
    assert await read(wechat, MIDNIGHT, MIDNIGHT + 9, 2) == [(MIDNIGHT, "b")]
    assert len(book.asked) == 2


async def test_pages_that_are_too_large_are_asked_for_in_smaller_ones(
    wechat: WeChatClient, script: Any
) -> None:
    rows = [(MIDNIGHT + n, str(n)) for n in range(300)]
    book = Book(rows)

    def strict(request: httpx.Request) -> dict[str, Any] | bytes:
        asked = json.loads(request.read())["number"]
        return book(request) if asked <= 200 else b" " * (REPLY_BYTES + 1)

    script.answer = strict
    assert await read(wechat, MIDNIGHT, MIDNIGHT + 400, PAGE) == rows
    assert {asked["number"] for asked in book.asked} == {156}
    script.answer = lambda _: b" " * (REPLY_BYTES + 1)
    with pytest.raises(ReplyTooLarge):
        await read(wechat, MIDNIGHT, MIDNIGHT + 400, PAGE)


@pytest.mark.parametrize(
    ("start", "end", "number"), [(2, 1, 1), (-1, 1, 1), (1, 2, 0), (1, 2, 10_001), (1, 1_790_000_000_000, 1)]
)
async def test_what_wechat_would_refuse_is_not_asked(
    wechat: WeChatClient, script: Any, start: int, end: int, number: int
) -> None:
    with pytest.raises(ValueError, match=r"Unix seconds|10000"):
        await wechat.records_page(start, end, number=number)
    assert script.requests == []


async def test_a_refusal_in_the_middle_comes_through(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {"errcode": 65417, "errmsg": "too long"}
    with pytest.raises(ApiError):
        await read(wechat, MIDNIGHT, MIDNIGHT + 9, PAGE)
