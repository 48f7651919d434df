"""What is repeated, what is not, and what a repeated answer costs."""

import asyncio
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from kefu_desk.domain.failure import Effect
from kefu_desk.wechat import spec
from kefu_desk.wechat.budget import RESERVE, SHARE
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.codes import BUSY
from kefu_desk.wechat.errors import ApiError, BadReply, Reason, TransportError

NOT_SENT = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
MAYBE_SENT = [
    httpx.ReadError,
    httpx.ReadTimeout,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.CloseError,
    httpx.RemoteProtocolError,
    httpx.LocalProtocolError,
    httpx.DecodingError,
    ConnectionResetError,
    TimeoutError,
]


@pytest.mark.parametrize("fault", NOT_SENT)
async def test_a_send_that_never_left_says_so(
    wechat: WeChatClient, script: Any, fault: type[Exception]
) -> None:
    script.answer = lambda _: fault("no")
    with pytest.raises(TransportError) as caught:
        await wechat.send_text(openid="o1", text="好")
    assert caught.value.phase is Effect.NONE
    assert len(script.requests) == 1


@pytest.mark.parametrize("fault", MAYBE_SENT)
async def test_a_send_without_an_answer_is_unknown_and_never_repeated(
    wechat: WeChatClient, script: Any, waits: Any, fault: type[Exception]
) -> None:
    script.answer = lambda _: fault("no")
    with pytest.raises(TransportError) as caught:
        await wechat.send_text(openid="o1", text="好")
    assert caught.value.phase is Effect.MAYBE
    assert (len(script.requests), waits.slept) == (1, [])


@pytest.mark.parametrize("code", [*sorted(BUSY), 99999, 65430])
async def test_a_send_answered_busy_or_strangely_is_unknown_and_never_repeated(
    wechat: WeChatClient, script: Any, code: int
) -> None:
    script.answer = lambda _: {"errcode": code, "errmsg": "system error"}
    with pytest.raises(ApiError) as caught:
        await wechat.send_text(openid="o1", text="好")
    assert caught.value.effect is Effect.MAYBE
    assert len(script.requests) == 1


@pytest.mark.parametrize("endpoint", [e for e in spec.ENDPOINTS if not e.reads], ids=lambda e: e.name)
def test_only_a_session_for_the_same_pair_may_be_written_twice(endpoint: spec.Endpoint) -> None:
    assert endpoint.repeatable == (endpoint is spec.SESSION_CREATE)


@pytest.mark.parametrize("fault", [*NOT_SENT, *MAYBE_SENT])
async def test_a_read_is_tried_three_times(
    wechat: WeChatClient, script: Any, waits: Any, fault: type[Exception]
) -> None:
    script.answer = lambda _: fault("no")
    with pytest.raises(TransportError) as caught:
        await wechat.waiting_cases()
    assert caught.value.phase is Effect.NONE
    assert (len(script.requests), waits.slept) == (3, [1.0, 2.0])


async def test_a_read_and_a_session_get_over_one_bad_moment(wechat: WeChatClient, script: Any) -> None:
    moments = [httpx.ReadError("reset"), {"errcode": -1, "errmsg": "system error"}]
    script.answer = lambda _: moments.pop(0) if moments else {"errcode": 0, "count": 0}
    await wechat.waiting_cases()
    moments[:] = [{"errcode": -1}, httpx.ReadTimeout("slow")]
    await wechat.create_session(openid="o1", agent="a@b")
    assert len(script.requests) == 6


@pytest.mark.parametrize("code", [45009, 45011, 65400, 65415, 99999, 40164])
async def test_a_definite_refusal_is_not_asked_for_again(
    wechat: WeChatClient, script: Any, code: int
) -> None:
    script.answer = lambda _: {"errcode": code}
    with pytest.raises(ApiError):
        await wechat.waiting_cases()
    assert len(script.requests) == 1


async def test_a_gateway_error_is_passed_over_on_reads_only(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: httpx.Response(502, stream=httpx.ByteStream(b"<html>"))
    with pytest.raises(BadReply):
        await wechat.agent_accounts()
    assert len(script.requests) == 3
    with pytest.raises(BadReply):
        await wechat.close_session(openid="o1", agent="a@b")
    assert len(script.requests) == 4


async def test_no_try_begins_after_the_deadline(wechat: WeChatClient, script: Any, clock: Any) -> None:
    def slow(_: httpx.Request) -> Exception:
        clock.now += 11
        return httpx.ReadTimeout("slow")

    script.answer = slow
    with pytest.raises(TransportError):
        await wechat.waiting_cases()
    assert len(script.requests) == 2


async def test_all_tries_together_end_at_the_deadline(script: Any, waits: Any, clock: Any) -> None:
    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                clock.now += 0.01
                yield b" "
                await asyncio.sleep(0.01)

    def fails_late_then_drips(_: httpx.Request) -> httpx.Response | Exception:
        if len(script.requests) > 1:
            return httpx.Response(200, stream=Drip())
        clock.now += 998.95  # and a second of waiting
        return httpx.ReadError("reset")

    script.answer = fails_late_then_drips

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    async with WeChatClient(
        appid="wx", secret=lambda: "s", base_url="https://w.test", transport=script, deadline=1000.0,
        sleep=sleep, jitter=waits.jitter, monotonic=clock,
    ) as wechat:  # fmt: skip
        with pytest.raises(TransportError) as caught:
            await wechat.waiting_cases()
    assert (caught.value.reason, caught.value.phase) == (Reason.TIMEOUT, Effect.NONE)
    assert len(script.requests) == 2, "what is left is less than another pause"


async def test_in_a_bad_hour_reads_are_soon_tried_only_once(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: httpx.ReadError("reset")
    for _ in range(100):
        with pytest.raises(TransportError):
            await wechat.waiting_cases()
    assert 100 + RESERVE <= len(script.requests) <= 100 + RESERVE + 100 * SHARE + 1
    before = len(script.requests)
    with pytest.raises(TransportError):
        await wechat.agent_accounts()
    assert len(script.requests) == before + 1, "the budget is of all calls together"
    script.answer = lambda _: {"count": 0, "waitcaselist": []}
    for _ in range(round(2 / SHARE)):
        await wechat.waiting_cases()
    before = len(script.requests)
    script.answer = lambda _: httpx.ReadError("reset")
    with pytest.raises(TransportError):
        await wechat.waiting_cases()
    assert len(script.requests) == before + 3, "calls that succeed earn it again"


async def test_an_endless_answer_ends_at_the_deadline(script: Any) -> None:
    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0.001)

    script.answer = lambda _: httpx.Response(200, stream=Drip())
    async with WeChatClient(
        appid="wx", secret=lambda: "s", base_url="https://w.test", transport=script, deadline=0.05
    ) as wechat:
        with pytest.raises(TransportError) as caught:
            await wechat.send_text(openid="o1", text="好")
    assert (caught.value.reason, caught.value.phase) == (Reason.TIMEOUT, Effect.MAYBE)


async def test_an_unchanged_answer_is_the_same_object(wechat: WeChatClient, script: Any) -> None:
    answers = {"": {"kf_list": [{"kf_account": "a@b", "kf_nick": "小林"}]}}
    script.answer = lambda _: answers[""]
    first = await wechat.agent_accounts()
    assert await wechat.agent_accounts() is first
    answers[""] = {"kf_list": [{"kf_account": "a@b", "kf_nick": "阿波"}]}
    second = await wechat.agent_accounts()
    assert second[0].nick == "阿波"
    assert len(script.requests) == 3


async def test_an_unchanged_answer_belongs_to_its_question(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {"sessionlist": [], "kf_account": ""}
    one, other = await wechat.sessions_of("a@b"), await wechat.session_of("a@b")
    assert (one, other.account) == ((), "")
    for number in range(300):
        await wechat.session_of(f"o{number}")


async def test_refusals_are_not_remembered(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {"errcode": 65400}
    for _ in range(2):
        with pytest.raises(ApiError):
            await wechat.waiting_cases()


async def test_what_is_sent_goes_over_its_own_connections(script: Any) -> None:
    sends = type(script)()
    script.answer = lambda _: {"count": 0}
    async with WeChatClient(
        appid="wx", secret=lambda: "s", base_url="https://w.test", transport=script, send_transport=sends
    ) as wechat:
        await wechat.waiting_cases()
        await wechat.send_text(openid="o1", text="好")
        await wechat.create_session(openid="o1", agent="a@b")
    assert [r.url.path.rsplit("/", 1)[1] for r in script.requests] == ["getwaitcase"]
    assert [r.url.path.rsplit("/", 1)[1] for r in sends.requests] == ["send", "create"]


async def test_the_clock_is_the_median_of_the_last_fifteen_dates(
    wechat: WeChatClient, script: Any, clock: Any
) -> None:
    assert wechat.clock_offset() is None
    ahead = [100.0] * 20 + [7.0] * 8
    script.answer = lambda _: httpx.Response(
        200,
        headers={"date": formatdate(int(clock.now) + ahead.pop(0), usegmt=True)},
        stream=httpx.ByteStream(b'{"count":0}'),
    )
    for _ in range(27):
        await wechat.waiting_cases()
    assert wechat.clock_offset() == 100.5
    await wechat.waiting_cases()
    assert wechat.clock_offset() == 7.5


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 99:99:99 GMT", "0", "\xff"])
async def test_a_date_that_is_none_is_ignored(wechat: WeChatClient, script: Any, date: str) -> None:
    script.answer = lambda _: httpx.Response(
        200, headers={b"date": date.encode("latin-1")}, stream=httpx.ByteStream(b'{"count":0}')
    )
    await wechat.waiting_cases()
    assert wechat.clock_offset() is None


async def test_every_request_counts(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: httpx.ReadError("reset")
    with pytest.raises(TransportError):
        await wechat.waiting_cases()
    assert wechat.calls_made() == 4  # one token, three tries


async def test_reaching_wechat_needs_no_credentials(wechat: WeChatClient, script: Any, clock: Any) -> None:
    def missing(request: httpx.Request) -> dict[str, object]:
        assert "access_token" not in request.url.params
        clock.now += 0.25
        return {"errcode": 41001, "errmsg": "access_token missing"}

    script.answer = missing
    assert await wechat.reach() == pytest.approx(0.25)
    assert script.tokens == []
    script.answer = lambda _: b"<html>"
    with pytest.raises(BadReply):
        await wechat.reach()


@pytest.mark.parametrize("code", [45015, 45047, 45080, 45081])
async def test_a_typing_sign_that_is_not_shown_hurts_nobody(
    wechat: WeChatClient, script: Any, code: int
) -> None:
    script.answer = lambda _: {"errcode": code}
    assert await wechat.set_typing(openid="o1", typing=True) is False
    script.answer = lambda _: {"errcode": 40200}
    with pytest.raises(ApiError):
        await wechat.set_typing(openid="o1", typing=True)


@pytest.mark.parametrize("code", [43001, 44002, 61451])
async def test_an_account_is_deleted_by_the_verb_the_server_wants(
    wechat: WeChatClient, script: Any, code: int
) -> None:
    script.answer = lambda request: {"errcode": code if request.method == "POST" else 0}
    await wechat.delete_agent(agent="a@b")
    assert [(r.method, r.url.path.rpartition("/")[2]) for r in script.requests] == [
        ("POST", "del"),
        ("GET", "del"),
        ("GET", "getkflist"),
    ]
    script.answer = lambda _: {"errcode": 65401}
    with pytest.raises(ApiError):
        await wechat.delete_agent(agent="a@b")
    assert len(script.requests) == 4
