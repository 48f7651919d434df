"""Whatever comes back, the client answers with a value or with a WeChatError."""

import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.domain.failure import Category, Effect
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ApiError, BadReply, ReplyTooLarge, WeChatError
from kefu_desk.wechat.exchange import ACK_BYTES, REPLY_BYTES

HTML = b"<html><head><title>Sign in</title></head><body>Welcome to the hotel Wi-Fi</body></html>"

READS: dict[str, Callable[[WeChatClient], Awaitable[Any]]] = {
    "agent_accounts": lambda w: w.agent_accounts(),
    "online_agents": lambda w: w.online_agents(),
    "session_of": lambda w: w.session_of("o1"),
    "sessions_of": lambda w: w.sessions_of("a@b"),
    "waiting_cases": lambda w: w.waiting_cases(),
    "records_page": lambda w: w.records_page(1790000000, 1790000001),
}
WRITES: dict[str, Callable[[WeChatClient], Awaitable[Any]]] = {
    "send_text": lambda w: w.send_text(openid="o1", text="好"),
    "set_typing": lambda w: w.set_typing(openid="o1", typing=True),
    "create_session": lambda w: w.create_session(openid="o1", agent="a@b"),
    "close_session": lambda w: w.close_session(openid="o1", agent="a@b"),
    "add_agent": lambda w: w.add_agent(agent="a@b", nick="n"),
}
ALL = READS | WRITES

MALFORMED = {
    "html": HTML,
    "empty": b"",
    "cut": b'{"errcode":0,"errm',
    "cut_in_code": b'{"errcode":4001',
    "not_json": b'{"errcode": invalid kf_account, "errmsg":"invalid kf_account"}',
    "null": b"null",
    "list": b"[]",
    "string": b'"ok"',
    "number": b"1",
    "two_verdicts": b'{"errcode":0,"errcode":40001}',
    "code_float": b'{"errcode":0.0}',
    "code_true": b'{"errcode":true}',
    "code_false": b'{"errcode":false}',
    "code_null": b'{"errcode":null}',
    "code_words": b'{"errcode":"none"}',
    "code_exponent": b'{"errcode":1e3}',
    "code_nan": b'{"errcode":NaN}',
    "code_long": b'{"errcode":' + b"9" * 5000 + b"}",
    "code_quoted_quotes": rb'{"errcode":"\"0\""}',
    "nested": b'{"errcode":' + b"[" * 100_000,
    "utf16": '{"errcode":0}'.encode("utf-16"),
    "nul": b"\0",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize("call", ALL.values(), ids=ALL.keys())
async def test_a_reply_that_is_not_wechats_is_a_bad_reply(
    wechat: WeChatClient, script: Any, call: Callable[[WeChatClient], Awaitable[object]], body: Any
) -> None:
    script.answer = lambda _: body
    with pytest.raises(BadReply) as caught:
        await call(wechat)
    assert caught.value.effect is (Effect.NONE if call in READS.values() else Effect.MAYBE)
    assert len(script.requests) == 1


@pytest.mark.parametrize("call", WRITES.values(), ids=WRITES.keys())
@pytest.mark.parametrize("body", [b"{}", b'{"errmsg":"ok"}', b'{"result":{"errcode":0}}'])
async def test_a_write_without_a_verdict_did_not_succeed(
    wechat: WeChatClient, script: Any, call: Callable[[WeChatClient], Awaitable[object]], body: Any
) -> None:
    script.answer = lambda _: body
    with pytest.raises(BadReply) as caught:
        await call(wechat)
    assert caught.value.effect is Effect.MAYBE


@pytest.mark.parametrize(
    "body", [b'{"errcode":0}', b'{"errcode":"0","errmsg":7}', b'\xef\xbb\xbf{"errcode":0}']
)
async def test_success_is_zero_as_number_or_string(wechat: WeChatClient, script: Any, body: Any) -> None:
    script.answer = lambda _: body
    await wechat.send_text(openid="o1", text="好")


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/json; encoding=gbk", None])
async def test_f_h06_the_content_type_decides_nothing(
    wechat: WeChatClient, script: Any, kind: str | None
) -> None:
    headers = {} if kind is None else {"content-type": kind}
    body = '{"kf_list":[{"kf_account":"a@b","kf_nick":"小林"}]}'.encode()
    script.answer = lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))
    assert (await wechat.agent_accounts())[0].nick == "小林"


@pytest.mark.parametrize("status", [201, 204, 301, 307, 403, 404, 412, 429, 500, 502, 503])
@pytest.mark.parametrize("body", [HTML, b'{"errcode":0,"errmsg":"ok"}', b'{"errcode":45015}'])
async def test_another_status_is_a_bad_reply_and_no_redirect_is_followed(
    wechat: WeChatClient, script: Any, status: int, body: Any
) -> None:
    script.answer = lambda _: httpx.Response(
        status, headers={"location": "https://evil.test/"}, stream=httpx.ByteStream(body)
    )
    with pytest.raises(BadReply) as caught:
        await wechat.send_text(openid="o1", text="好")
    assert (caught.value.status, caught.value.effect) == (status, Effect.MAYBE)
    assert [request.url.host for request in script.requests] == ["wechat.test"]


@pytest.mark.parametrize("status", [413, 414])
async def test_f_h05_a_request_refused_for_its_size_was_not_done(
    wechat: WeChatClient, script: Any, status: int
) -> None:
    script.answer = lambda _: httpx.Response(status, stream=httpx.ByteStream(HTML))
    with pytest.raises(BadReply) as caught:
        await wechat.send_text(openid="o1", text="好")
    assert caught.value.effect is Effect.NONE


async def test_a_code_in_broken_json_is_used_but_proves_nothing_about_a_write(
    wechat: WeChatClient, script: Any
) -> None:
    script.answer = lambda _: b'{"errcode": 40001, "errmsg":"bad \xff" token}'
    with pytest.raises(ApiError) as caught:
        await wechat.send_text(openid="o1", text="好")
    assert (caught.value.errcode, caught.value.effect, caught.value.certain) == (40001, Effect.MAYBE, False)
    assert len(script.requests) == 1, "a send may be repeated only when it was certainly refused"


@pytest.mark.parametrize(
    ("errmsg", "words", "rid"),
    [
        ("out of response count limit rid: 64f0a1b2-0c3d4e5f-1a2b3c4d", "out of response count limit", True),
        ("out of response count limit hint: [AbC12d]", "out of response count limit", False),
        ("see https://x.test/a?access_token=SECRET&b=1 now", "see https://x.test/a now", False),
        ("two\nlines\x00 and\u2028three \x1b[31m", "two lines and three [31m", False),
        ("长" * 500, "长" * 200, False),
    ],
)
async def test_f_h18_an_errmsg_is_cleaned(
    wechat: WeChatClient, script: Any, errmsg: str, words: str, rid: bool
) -> None:
    script.answer = lambda _: {"errcode": 45047, "errmsg": errmsg}
    with pytest.raises(ApiError) as caught:
        await wechat.send_text(openid="o1", text="好")
    assert caught.value.errmsg == words
    assert caught.value.rid == ("64f0a1b2-0c3d4e5f-1a2b3c4d" if rid else "")
    assert caught.value.category is Category.ALLOWANCE_USED


class TestLists:
    """Replies as found in the wild."""

    async def test_numbers_may_be_strings_and_strings_numbers(
        self, wechat: WeChatClient, script: Any
    ) -> None:
        script.answer = lambda _: {
            "kf_list": [
                {"kf_account": "a@b", "kf_id": 1001, "kf_nick": 77, "invite_expire_time": "1790000000"},
                {"kf_account": "c@d", "kf_id": "0102", "kf_nick": "小林", "kf_wx": None, "future": [1]},
            ]
        }
        first, second = await wechat.agent_accounts()
        assert (first.number, first.nick, first.invite_expires) == ("1001", "77", 1790000000)
        assert (second.number, second.nick, second.wechat_id) == ("0102", "小林", "")

    @pytest.mark.parametrize(
        ("body", "names"),
        [
            ({"kf_online_list": [{"kf_account": "a@b"}]}, ["a@b"]),
            ({"kf_list": [], "kf_online_list": [{"kf_account": "a@b"}]}, []),
            ({}, []),
            ({"kf_list": None}, []),
            ({"errcode": 0, "errmsg": "ok", "kf_list": [{"kf_account": "a@b"}]}, ["a@b"]),
        ],
    )
    async def test_the_list_of_agents_may_come_under_either_key(
        self, wechat: WeChatClient, script: Any, body: Any, names: Any
    ) -> None:
        script.answer = lambda _: body
        assert [account.account for account in await wechat.agent_accounts()] == names

    async def test_one_malformed_row_is_skipped_and_counted(self, wechat: WeChatClient, script: Any) -> None:
        rows: list[Any] = [{"openid": f"o{n}", "opercode": 2003, "text": "嗯", "time": n} for n in range(6)]
        rows[1] = "junk"
        rows[2] = {"openid": "o2", "time": "soon"}
        rows[3]["opercode"] = None
        rows[4] = {"time": 4}
        script.answer = lambda _: {"recordlist": rows, "number": 6, "msgid": 9}
        page = await wechat.records_page(1, 2)
        assert [record.openid for record in page.records] == ["o0", "o3", "o5"]
        assert (page.length, page.skipped, page.records[1].opercode) == (6, 3, 0)
        assert wechat.rows_skipped() == 3

    async def test_control_characters_broken_utf8_and_lone_surrogates_do_not_lose_a_page(
        self, wechat: WeChatClient, script: Any
    ) -> None:
        script.answer = lambda _: (
            b'{"recordlist":[{"openid":"o1","time":1,"text":"a\x01b\nc","worker":"  lin"},'
            b'{"openid":"o2","time":"2","text":"\xff\xe4\xbd\xa0"},'
            b'{"openid":"o3","time":3,"text":"\\ud83d\\ude00\\ud800"}],"number":3,"msgid":3}'
        )
        page = await wechat.records_page(1, 2)
        assert [r.text for r in page.records] == ["a\x01b\nc", "\ufffd你", "😀\ufffd"]
        assert page.records[0].worker == "lin"
        "".join(r.text for r in page.records).encode()

    @pytest.mark.parametrize(
        ("item", "time"),
        [
            ({"openid": "o1", "latest_time": 5}, 5),
            ({"openid": "o1", "kf_account": "", "createtime": "7"}, 7),
            ({"openid": "o1"}, 0),
        ],
    )
    async def test_a_waiting_customer_comes_in_either_shape(
        self, wechat: WeChatClient, script: Any, item: dict[str, Any], time: int
    ) -> None:
        script.answer = lambda _: {"count": 150, "waitcaselist": [item]}
        reply = await wechat.waiting_cases()
        assert (reply.total, reply.cases[0].time) == (150, time)

    @pytest.mark.parametrize("body", [{}, {"count": 3}, {"waitcaselist": "none"}, {"count": "x"}])
    async def test_half_a_reply_does_not_empty_the_queue(
        self, wechat: WeChatClient, script: Any, body: Any
    ) -> None:
        script.answer = lambda _: body
        with pytest.raises(BadReply):
            await wechat.waiting_cases()

    @pytest.mark.parametrize(
        "body", [{"count": 0}, {"waitcaselist": []}, {"count": "0", "waitcaselist": None}]
    )
    async def test_an_empty_queue_is_believed(self, wechat: WeChatClient, script: Any, body: Any) -> None:
        script.answer = lambda _: body
        assert (await wechat.waiting_cases()).total == 0

    @pytest.mark.parametrize("body", [{}, {"number": 2, "msgid": 5}, {"recordlist": {}}, {"msgid": 5}])
    async def test_half_a_reply_is_not_an_hour_without_records(
        self, wechat: WeChatClient, script: Any, body: Any
    ) -> None:
        script.answer = lambda _: body
        with pytest.raises(BadReply):
            await wechat.records_page(1, 2)

    async def test_nobody_serving_is_said_with_an_empty_account(
        self, wechat: WeChatClient, script: Any
    ) -> None:
        script.answer = lambda _: {"kf_account": "", "errcode": 0, "errmsg": "ok"}
        assert (await wechat.session_of("o1")).account == ""
        script.answer = lambda _: {"createtime": 3}
        with pytest.raises(BadReply):
            await wechat.session_of("o1")


async def test_half_a_character_in_any_field_can_be_stored(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: rb'{"kf_list":[{"kf_account":"a\udc00@b","kf_nick":"\ud83d\ude00\ud800"}]}'
    (account,) = await wechat.agent_accounts()
    assert (account.account, account.nick) == ("a\ufffd@b", "😀\ufffd")


class TestSize:
    """Bombs cost no memory and end in a typed error."""

    async def test_f_n16_more_than_the_limit_is_cut_off_and_costs_no_memory(
        self, wechat: WeChatClient, script: Any
    ) -> None:
        taken = 0

        class Endless(httpx.AsyncByteStream):
            async def __aiter__(self) -> AsyncIterator[bytes]:
                nonlocal taken
                for _ in range(80):
                    taken += 1
                    yield b"a" * 2**20

        script.answer = lambda _: httpx.Response(200, stream=Endless())
        assert (REPLY_BYTES, ACK_BYTES) == (16 * 2**20, 64 * 2**10)
        tracemalloc.start()
        try:
            with pytest.raises(ReplyTooLarge):
                await wechat.agent_accounts()
            assert tracemalloc.get_traced_memory()[1] < 1.5 * REPLY_BYTES
        finally:
            tracemalloc.stop()
        assert taken == 17, "what comes after is not even read"
        taken = 0
        with pytest.raises(ReplyTooLarge) as caught:
            await wechat.send_text(openid="o1", text="好")
        assert (caught.value.effect, taken) == (Effect.MAYBE, 1)

    async def test_the_answer_to_a_write_may_be_short_only(self, wechat: WeChatClient, script: Any) -> None:
        script.answer = lambda _: b'{"errcode":0,"x":"' + b"a" * ACK_BYTES + b'"}'
        with pytest.raises(ReplyTooLarge) as caught:
            await wechat.send_text(openid="o1", text="好")
        assert caught.value.effect is Effect.MAYBE

    async def test_f_n17_the_limit_holds_for_decoded_bytes(self, wechat: WeChatClient, script: Any) -> None:
        bomb = gzip.compress(b"[" * (REPLY_BYTES * 8), compresslevel=1)
        script.answer = lambda _: _coded("gzip", bomb)
        tracemalloc.start()
        try:
            with pytest.raises(ReplyTooLarge):
                await wechat.agent_accounts()
            assert tracemalloc.get_traced_memory()[1] < REPLY_BYTES * 2.5
        finally:
            tracemalloc.stop()
        with pytest.raises(ReplyTooLarge) as caught:
            await wechat.send_text(openid="o1", text="好")
        assert caught.value.effect is Effect.MAYBE

    @pytest.mark.parametrize(("coding", "squeeze"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
    async def test_compressed_replies_are_read(
        self, wechat: WeChatClient, script: Any, coding: str, squeeze: Callable[[bytes], bytes]
    ) -> None:
        body = squeeze(json.dumps({"kf_list": [{"kf_account": "a@b"}] * 50}).encode())
        script.answer = lambda _: _coded(coding, body)
        assert len(await wechat.agent_accounts()) == 50

    @pytest.mark.parametrize("body", [b"not gzip", gzip.compress(b'{"kf_list":[]}')[:-9]])
    async def test_f_n18_damaged_compression_is_a_bad_reply(
        self, wechat: WeChatClient, script: Any, body: Any
    ) -> None:
        script.answer = lambda _: _coded("gzip", body)
        with pytest.raises(BadReply):
            await wechat.agent_accounts()
        with pytest.raises(BadReply) as caught:
            await wechat.send_text(openid="o1", text="好")
        assert caught.value.effect is Effect.MAYBE

    async def test_an_unknown_compression_is_a_bad_reply(self, wechat: WeChatClient, script: Any) -> None:
        script.answer = lambda _: _coded("snappy", b"x")
        with pytest.raises(BadReply):
            await wechat.agent_accounts()


def _coded(coding: str, body: bytes) -> httpx.Response:
    """A reply whose body httpx has not touched yet."""
    return httpx.Response(200, headers={"content-encoding": coding}, stream=httpx.ByteStream(body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
NAMES = """
errcode errmsg kf_list kf_online_list kf_account kf_id kf_nick kf_headimgurl kf_wx status accepted_case openid
sessionlist createtime count waitcaselist latest_time recordlist opercode text time worker number msgid
access_token expires_in invite_expire_time
"""
KEYS = st.sampled_from([*NAMES.split(), "(rows left out)"])
ROW = st.dictionaries(KEYS, JSON, max_size=6)
REPLY = st.dictionaries(KEYS, JSON | st.lists(ROW | JSON, max_size=4), max_size=6)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


async def _only_wechat_errors(wechat: WeChatClient, script: Any, body: bytes) -> None:
    script.answer = lambda _: body
    for call in ALL.values():
        try:
            value = await call(wechat)
        except WeChatError as error:
            str(error).encode()
        else:
            repr(value)


@QUIET
@given(reply=REPLY)
async def test_any_object_is_a_value_or_a_wechat_error(wechat: WeChatClient, script: Any, reply: Any) -> None:
    await _only_wechat_errors(wechat, script, json.dumps(reply).encode())
    await _only_wechat_errors(
        wechat, script, json.dumps(reply, ensure_ascii=False).encode("utf-8", "surrogatepass")
    )


@QUIET
@given(reply=JSON)
async def test_any_json_is_a_value_or_a_wechat_error(wechat: WeChatClient, script: Any, reply: Any) -> None:
    await _only_wechat_errors(wechat, script, json.dumps(reply).encode())


@QUIET
@given(body=st.binary(max_size=80) | st.text(max_size=60).map(lambda words: words.encode("utf-8", "replace")))
async def test_any_bytes_are_a_value_or_a_wechat_error(wechat: WeChatClient, script: Any, body: Any) -> None:
    await _only_wechat_errors(wechat, script, body)


@QUIET
@given(cut=st.integers(0, 200))
async def test_a_send_succeeds_only_on_the_whole_reply(wechat: WeChatClient, script: Any, cut: int) -> None:
    whole = b'{"errcode":0,"errmsg":"ok"}'
    script.answer = lambda _: whole[:cut]
    if cut >= len(whole):
        await wechat.send_text(openid="o1", text="好")
        return
    with pytest.raises(BadReply) as caught:
        await wechat.send_text(openid="o1", text="好")
    assert caught.value.effect is Effect.MAYBE


@QUIET
@given(reply=REPLY)
async def test_any_token_reply_is_a_value_or_a_wechat_error(
    wechat: WeChatClient, script: Any, reply: Any
) -> None:
    script.token_answer = lambda _: json.dumps(reply).encode()
    try:
        seconds = await wechat.check_token()
    except WeChatError:
        return
    assert 60 <= seconds <= 7200
