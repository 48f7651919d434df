"""Every record once and with its number, however WeChat cuts, repeats, shuffles or refuses its pages."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.domain.messages import Record, numbered
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ApiError, BadReply
from kefu_desk.wechat.numbering import SLICE, NumberedReader

MIDNIGHT = 1_790_006_400  # 2026-09-22 00:00 in Shanghai
DAY = 86_400

Row = tuple[int, str]


class Book:
    """A server's records in order of their ids; `shuffle` turns each page, `inclusive` repeats one record."""

    def __init__(self, rows: list[Row], *, inclusive: bool = False, shuffle: bool = False) -> None:
        self.rows = [(n + 2, time, words) for n, (time, words) in enumerate(rows)]
        self.inclusive = inclusive
        self.shuffle = shuffle
        self.asked: list[dict[str, int]] = []

    def __call__(self, request: httpx.Request) -> dict[str, Any]:
        asked = json.loads(request.read())
        self.asked.append(asked)
        first = asked["msgid"] if self.inclusive else asked["msgid"] + 1
        found = [r for r in self.rows if asked["starttime"] <= r[1] <= asked["endtime"] and r[0] >= first]
        found = found[: asked["number"]]
        last = found[-1][0] if found else 0
        if self.shuffle:
            found.reverse()
        return {
            "recordlist": [
                {"openid": "o1", "opercode": 2003, "text": words, "time": time, "worker": "a@b"}
                for _, time, words in found
            ],
            "number": len(found),
            "msgid": last,
        }


def truth(rows: list[Row]) -> set[tuple[int, str, int]]:
    """What an archive must hold in the end."""
    all_of_them = numbered(record_of(row) for row in rows)
    return {(r.time, r.text, r.ordinal) for r in all_of_them}


def record_of(row: Row) -> Record:
    return Record("o1", "a@b", 2003, row[1], row[0])  # type: ignore[arg-type]


async def read(
    wechat: WeChatClient,
    page: int,
    start: int = MIDNIGHT,
    end: int = MIDNIGHT + 10,
    into: set[tuple[int, str, int]] | None = None,
) -> set[tuple[int, str, int]]:
    found = into if into is not None else set()
    async for records in NumberedReader(wechat, page).pages(start, end):
        found |= {(r.time, r.text, r.ordinal) for r in records}
    return found


BURSTS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["好的", "在吗"])), max_size=25)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)


@QUIET
@given(rows=BURSTS, page=st.integers(1, 5))
async def test_f_r02_a_page_that_ends_inside_a_second_loses_and_doubles_nothing(
    wechat: WeChatClient, script: Any, rows: list[Row], page: int
) -> None:
    rows = sorted((MIDNIGHT + time, words) for time, words in rows)
    script.answer = Book(rows)
    assert await read(wechat, page) == truth(rows)


@QUIET
@given(rows=BURSTS, page=st.integers(2, 5))
async def test_f_r03_a_cursor_that_includes_its_record_gives_the_same_archive(
    wechat: WeChatClient, script: Any, rows: list[Row], page: int
) -> None:
    rows = sorted((MIDNIGHT + time, words) for time, words in rows)
    script.answer = Book(rows, inclusive=True)
    assert await read(wechat, page) == truth(rows)


@QUIET
@given(rows=BURSTS, page=st.integers(2, 5), inclusive=st.booleans())
async def test_f_r06_records_out_of_order_within_and_across_pages(
    wechat: WeChatClient, script: Any, rows: list[Row], page: int, inclusive: bool
) -> None:
    rows = [(MIDNIGHT + time, words) for time, words in rows]  # ids do not follow the time
    script.answer = Book(rows, inclusive=inclusive, shuffle=True)
    assert await read(wechat, page) == truth(rows)
    async for records in NumberedReader(wechat, page).pages(MIDNIGHT, MIDNIGHT + 10):
        assert [r.time for r in records] == sorted(r.time for r in records)


async def test_only_the_second_in_which_two_pages_meet_is_asked_for_again(
    wechat: WeChatClient, script: Any
) -> None:
    rows = [(MIDNIGHT + n // 3, "嗯") for n in range(9)]
    script.answer = book = Book(rows)
    assert await read(wechat, 4) == truth(rows)
    again = [asked for asked in book.asked if asked["starttime"] == asked["endtime"]]
    assert [asked["starttime"] - MIDNIGHT for asked in again] == [1, 2]
    assert len(book.asked) == 5


async def test_a_second_that_is_never_given_whole_is_counted_page_by_page(
    wechat: WeChatClient, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_self: NumberedReader, _first: int, _last: int) -> None:
        return None

    monkeypatch.setattr(NumberedReader, "seam", nothing)
    rows = [(MIDNIGHT, "嗯")] * 7
    script.answer = Book(rows)
    assert await read(wechat, 3) == truth(rows)
    script.answer = Book(rows, inclusive=True)
    assert len(await read(wechat, 3)) > len(rows), "this is what the second look is for"


async def test_seconds_too_full_for_one_answer_are_read_in_halves(
    wechat: WeChatClient, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kefu_desk.wechat.numbering.PAGE", 6)
    rows = [(MIDNIGHT + n % 4, "嗯") for n in range(16)]  # each page has all four seconds
    script.answer = Book(rows)
    assert await read(wechat, 4) == truth(rows)


@pytest.mark.logs_warnings
async def test_f_r04_a_page_that_comes_again_ends_the_reading_with_an_alarm(
    wechat: WeChatClient, script: Any, caplog: pytest.LogCaptureFixture
) -> None:
    cursor = iter(range(2, 10_000))
    rows = [{"openid": "o1", "time": MIDNIGHT + n, "text": "嗯"} for n in range(100)]
    script.answer = lambda _: {"recordlist": rows, "number": 100, "msgid": next(cursor)}
    found: set[tuple[int, str, int]] = set()
    with pytest.raises(BadReply, match="twice"):
        await read(wechat, 100, MIDNIGHT, MIDNIGHT + 200, into=found)
    assert len(found) == 100, "what came before stands"
    assert len(script.requests) == 2
    assert "twice" in caplog.text


@pytest.mark.logs_warnings
@pytest.mark.parametrize("msgid", [0, 1, 2])
async def test_f_r04_the_same_cursor_again_ends_the_reading_with_an_alarm(
    wechat: WeChatClient, script: Any, caplog: pytest.LogCaptureFixture, msgid: int
) -> None:
    texts = iter(range(10_000))
    script.answer = lambda _: {
        "recordlist": [{"openid": "o1", "time": MIDNIGHT + next(texts), "text": "嗯"}] * 2,
        "number": 2,
        "msgid": msgid,
    }
    with pytest.raises(BadReply, match="cursor"):
        await read(wechat, 2)
    assert len(script.requests) <= 3
    assert "did not move" in caplog.text


@pytest.mark.parametrize("told", ["more", "fewer", "missing"])
async def test_f_r08_the_length_of_the_list_counts_and_not_its_number(
    wechat: WeChatClient, script: Any, told: str
) -> None:
    rows = [(MIDNIGHT + n, "嗯") for n in range(7)]
    book = Book(rows)

    def miscounted(request: httpx.Request) -> dict[str, Any]:
        reply = book(request)
        length = reply.pop("number")
        return reply if told == "missing" else reply | {"number": length + (9 if told == "more" else -1)}

    script.answer = miscounted
    assert await read(wechat, 3) == truth(rows)
    assert len(book.asked) == 3


@pytest.mark.logs_warnings
@pytest.mark.parametrize("code", [65416, 65417])
async def test_f_r11_a_period_that_is_refused_is_split_once(
    wechat: WeChatClient, script: Any, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    rows = [(MIDNIGHT + 3600 * n, "嗯") for n in range(23)]
    book = Book(rows)

    def narrow(longest: int) -> Callable[[httpx.Request], dict[str, Any]]:
        def answer(request: httpx.Request) -> dict[str, Any]:
            reply = book(request)
            asked = book.asked[-1]
            wide = asked["endtime"] - asked["starttime"] >= longest
            return {"errcode": code, "errmsg": "too long"} if wide else reply

        return answer

    script.answer = narrow(DAY // 2)
    assert await read(wechat, 100, MIDNIGHT, MIDNIGHT + DAY - 1) == truth(rows)
    assert len(book.asked) == 3
    assert "refused" in caplog.text
    book.asked.clear()
    script.answer = narrow(60)
    with pytest.raises(ApiError):
        await read(wechat, 100, MIDNIGHT, MIDNIGHT + DAY - 1)
    assert len(book.asked) == 2, "not in a loop"


async def test_a_large_page_is_told_in_slices(wechat: WeChatClient, script: Any) -> None:
    rows = [(MIDNIGHT + n // 10, "嗯") for n in range(SLICE * 3 + 5)]
    script.answer = Book(rows)
    slices = [found async for found in NumberedReader(wechat).pages(MIDNIGHT, MIDNIGHT + 3600)]
    assert [len(found) for found in slices] == [SLICE, SLICE, SLICE, 5]
    assert {(r.time, r.text, r.ordinal) for found in slices for r in found} == truth(rows)


async def test_records_of_another_time_than_asked_for_are_left_out(wechat: WeChatClient, script: Any) -> None:
    row = {"openid": "o1", "text": "嗯"}
    times = [MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 11]
    script.answer = lambda _: {"recordlist": [row | {"time": t} for t in times], "number": 3, "msgid": 9}
    assert await read(wechat, 100) == {(MIDNIGHT, "嗯", 0)}
