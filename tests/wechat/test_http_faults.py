"""The rows of the fault matrix about HTTP and JSON that one call shows (reliability 2.2)."""

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.domain.failure import Category, Effect
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ERRMSG_LENGTH, ApiError, BadReply
from kefu_desk.wechat.failures import failure_of
from kefu_desk.wechat.transport import SETTLED_SECONDS

Call = Callable[[WeChatClient], Awaitable[Any]]

HTML = b"<html><head><title>Sign in</title></head><body>Welcome to the hotel Wi-Fi</body></html>"
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)


async def look(wechat: WeChatClient) -> Any:
    return await wechat.waiting_cases()


async def send(wechat: WeChatClient) -> Any:
    return await wechat.send_text(openid="o1", text="好")


async def is_refused(wechat: WeChatClient, script: Any, body: bytes, status: int = 200) -> None:
    """A read fails as what it is, a send is unknown, and neither is a success."""
    script.answer = lambda _: httpx.Response(status, stream=httpx.ByteStream(body))
    for call in (look, send):
        script.requests.clear()
        with pytest.raises(BadReply) as caught:
            await call(wechat)
        assert caught.value.effect is (Effect.MAYBE if call is send else Effect.NONE)
        assert failure_of(caught.value).category is Category.BAD_REPLY
        assert len(script.requests) == (3 if call is look and status >= 500 else 1)


def coded(body: bytes, **headers: str) -> httpx.Response:
    return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))


async def test_f_h01_a_page_instead_of_an_answer(wechat: WeChatClient, script: Any) -> None:
    await is_refused(wechat, script, HTML)
    await is_refused(wechat, script, b"\xef\xbb\xbf\r\n<!doctype html>" + HTML)


async def test_f_h02_nothing_instead_of_an_answer(wechat: WeChatClient, script: Any) -> None:
    await is_refused(wechat, script, b"")
    await is_refused(wechat, script, b" \r\n")


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'"ok"', b"1", b"true"])
async def test_f_h03_json_that_says_nothing_is_no_success(
    wechat: WeChatClient, script: Any, body: bytes
) -> None:
    await is_refused(wechat, script, body)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [HTML, b'{"errcode":0,"errmsg":"ok"}'])
async def test_f_h04_a_gateway_that_fails_may_have_passed_a_send_on(
    wechat: WeChatClient, script: Any, status: int, body: bytes
) -> None:
    await is_refused(wechat, script, body, status)


@pytest.mark.parametrize("status", [403, 404, 429, 451])
async def test_f_h05_a_send_to_a_place_that_is_not_there_is_unknown(
    wechat: WeChatClient, script: Any, status: int
) -> None:
    await is_refused(wechat, script, b'{"errcode":0}', status)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("kind", ["text/plain", "text/html; charset=gbk", "application/octet-stream", ""])
async def test_f_h06_bytes_are_utf8_whatever_the_type_says(
    wechat: WeChatClient, script: Any, mark: bytes, kind: str
) -> None:
    body = mark + '{"errcode":0,"kf_list":[{"kf_account":"a@b","kf_nick":"小林"}]}'.encode()
    script.answer = lambda _: coded(body, **({"content-type": kind} if kind else {}))
    assert (await wechat.agent_accounts())[0].nick == "小林"
    await send(wechat)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([0, 0.0, "0", "00", " 0", "0.0", "-0", "", "ok", 1e3, math.nan, -math.inf, "٠"])
)


@QUIET
@given(code=SCALARS)
async def test_f_h07_only_zero_is_success(wechat: WeChatClient, script: Any, code: object) -> None:
    script.answer = lambda _: json.dumps({"errcode": code, "errmsg": "ok"}).encode()
    whole = isinstance(code, int) and not isinstance(code, bool)
    if (whole and code == 0) or (code == "0"):
        await send(wechat)
        return
    with pytest.raises((ApiError, BadReply)) as caught:
        await send(wechat)
    is_number = whole or (isinstance(code, str) and code.lstrip("-").isdecimal() and code.isascii())
    if isinstance(caught.value, ApiError):
        assert is_number
    else:
        assert caught.value.effect is Effect.MAYBE


@pytest.mark.parametrize(
    "body",
    [
        b'{"errcode":0,"errcode":40001}',
        b'{"errcode":40001,"errcode":0,"errmsg":"ok"}',
        b'{"errcode":0,"errmsg":"ok","errmsg":"no","count":0}',
        b'{"count":1,"waitcaselist":[{"openid":"o1"}],"waitcaselist":[],"count":0,"errcode":0,"errcode":0}',
    ],
)
async def test_f_h08_an_answer_that_says_two_things_says_nothing(
    wechat: WeChatClient, script: Any, body: bytes
) -> None:
    await is_refused(wechat, script, body)


async def test_f_h08_a_list_that_comes_twice_in_a_large_answer_is_refused(
    wechat: WeChatClient, script: Any
) -> None:
    rows = b",".join(b'{"openid":"o%d","time":5}' % n for n in range(2000))
    once = b'{"recordlist":[' + rows + b'],"number":2000,"msgid":7'
    script.answer = lambda _: once + b"}"
    assert (await wechat.records_page(1, 2)).length == 2000
    script.answer = lambda _: once + b',"recordlist":[]}'
    with pytest.raises(BadReply):
        await wechat.records_page(1, 2)


async def test_f_h08_a_text_may_name_a_field(wechat: WeChatClient, script: Any) -> None:
    rows = [
        {"openid": "o1", "time": 1, "text": "errcode"},
        {"openid": "o2", "time": 2, "text": '"errcode":0'},
    ]
    script.answer = lambda _: {"errcode": 0, "recordlist": rows, "number": 2}
    assert [r.text for r in (await wechat.records_page(1, 2)).records] == ["errcode", '"errcode":0']


async def test_f_h09_control_characters_inside_texts_lose_nothing(wechat: WeChatClient, script: Any) -> None:
    words = "".join(chr(code) for code in range(1, 32)) + "完"
    rows = b'[{"openid":"o1","time":1,"text":"' + words.encode().replace(b'"', b"") + b'"},'
    script.answer = lambda _: b'{"recordlist":' + rows + b'{"openid":"o2","time":2,"text":"b"}],"number":2}'
    assert [r.text for r in (await wechat.records_page(1, 2)).records] == [words, "b"]
    assert wechat.rows_skipped() == 0


async def test_f_h10_bytes_that_are_no_text_cost_one_sign_and_the_record_is_flagged(
    wechat: WeChatClient, script: Any
) -> None:
    script.answer = lambda _: (
        b'{"recordlist":[{"openid":"o1","time":1,"text":"\xe5\xa5\xbd"},'
        b'{"openid":"o2","time":2,"text":"\xff\xe4\xbd\xa0"},{"openid":"o3","time":3,"text":"c"}],"number":3}'
    )
    page = await wechat.records_page(1, 2)
    assert [r.text for r in page.records] == ["好", "\ufffd你", "c"]
    assert (wechat.rows_skipped(), wechat.rows_mended()) == (0, 1)
    assert wechat.quarantine() == ('{"openid": "o2", "time": 2, "text": "\\udcff\\u4f60"}',)


async def test_f_h11_half_a_character_is_mended_before_anybody_stores_it(
    wechat: WeChatClient, script: Any
) -> None:
    script.answer = lambda _: (
        rb'{"recordlist":[{"openid":"o1\udc01","time":1,"text":"\ud83d\ude00\ud800"},'
        rb'{"openid":"o2","time":2,"text":"\ud83d\ude00"}],"number":2}'
    )
    page = await wechat.records_page(1, 2)
    assert [(r.openid, r.text) for r in page.records] == [("o1\ufffd", "😀\ufffd"), ("o2", "😀")]
    assert (wechat.rows_skipped(), wechat.rows_mended()) == (0, 1)
    for record in page.records:
        (record.openid + record.text).encode()


async def test_f_h12_a_nul_is_kept_in_its_text(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: rb'{"recordlist":[{"openid":"o1","time":1,"text":"a\u0000b"}],"number":1}'
    assert [r.text for r in (await wechat.records_page(1, 2)).records] == ["a\0b"]
    await is_refused(wechat, script, b"\0")


async def test_f_h13_a_number_of_five_thousand_digits(wechat: WeChatClient, script: Any) -> None:
    long = b"9" * 5000
    await is_refused(wechat, script, b'{"errcode":' + long + b"}")
    await is_refused(wechat, script, b'{"errcode":0,"errcode":0,"count":' + long + b"}")
    script.answer = lambda _: b'{"recordlist":[{"openid":"o1","time":' + long + b"}]}"
    with pytest.raises(BadReply):
        await wechat.records_page(1, 2)


async def test_f_h14_a_hundred_thousand_brackets(wechat: WeChatClient, script: Any) -> None:
    for start in (b"", b'{"errcode":', b'{"errcode":0,"waitcaselist":'):
        await is_refused(wechat, script, start + b"[" * 100_000)
    await is_refused(wechat, script, b'{"a":' * 100_000)


async def test_f_h15_new_fields_are_ignored_and_named_once_without_their_values(
    wechat: WeChatClient, script: Any, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="kefu_desk")
    row = {"future": "VALUE", "kf_nick": "小林", "kf_account": "a@b", "x\ny": {"deep": ["VALUE"]}}
    script.answer = lambda _: {"new_thing": "VALUE", "kf_list": [row], "errmsg": "ok", "errcode": 0}
    assert (await wechat.agent_accounts())[0].nick == "小林"
    assert caplog.records == [], "a desk that starts has better things to do"
    for _ in range(5):
        clock.now += SETTLED_SECONDS * 30
        row["kf_nick"] += "."
        await wechat.agent_accounts()
    (record,) = caplog.records
    assert record.getMessage() == "fields of getkflist that nobody here knows: future, new_thing, x y"
    row["later"] = 1
    clock.now += 3600
    await wechat.agent_accounts()
    assert [r.getMessage() for r in caplog.records[1:]] == [
        "fields of getkflist that nobody here knows: later"
    ]
    assert "VALUE" not in caplog.text


async def test_f_h16_every_kind_of_damage_costs_its_own_row_only(wechat: WeChatClient, script: Any) -> None:
    good = {"openid": "o1", "opercode": 2003, "text": "嗯", "time": 7}
    bad = [
        7,
        None,
        "x",
        [],
        {},
        {"time": 7},
        good | {"time": "noon"},
        good | {"openid": {}},
        good | {"time": -1},
    ]
    for odd in bad:
        before = wechat.rows_skipped()
        script.answer = lambda _, odd=odd: {"recordlist": [good] * 50 + [odd] + [good] * 49, "number": 100}
        page = await wechat.records_page(1, 2)
        assert ([r.text for r in page.records], page.skipped) == (["嗯"] * 99, 1), odd
        assert wechat.rows_skipped() == before + 1
        assert json.loads(wechat.quarantine()[-1]) == odd


async def test_f_h18_a_megabyte_of_words_is_one_short_line(
    wechat: WeChatClient, script: Any, caplog: pytest.LogCaptureFixture
) -> None:
    errmsg = "<b onclick=x>no\r\n2026-01-01 ERROR forged\x1b[31m " + "长" * 20_000
    script.answer = lambda _: {"errcode": 45015, "errmsg": errmsg}
    with pytest.raises(ApiError) as caught:
        await send(wechat)
    words = caught.value.errmsg
    assert len(words) == ERRMSG_LENGTH
    assert words.isprintable()
    assert words.startswith("<b onclick=x>no 2026-01-01 ERROR forged [31m 长"), "as text, not as markup"
    assert caplog.text == ""
    script.answer = lambda _: {"errcode": 45015, "errmsg": "<i>" * 350_000}
    with pytest.raises((ApiError, BadReply)) as caught_too:
        await look(wechat)
    assert len(str(caught_too.value)) < 2 * ERRMSG_LENGTH
