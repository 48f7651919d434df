"""One token for everybody, another one when WeChat refuses it, and never a loop."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from typing import Any

import httpx
import pytest

from kefu_desk.domain.failure import Category, Effect
from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.scenario import scenario
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ApiError, WeChatError

SECRET = "5f8a1c3e7b9d2046a8c1e3f507b9d264"
FINE = {"errcode": 0, "errmsg": "ok", "count": 0, "waitcaselist": []}


def refusing(*tokens: str, code: int = 40001) -> Callable[[httpx.Request], dict[str, Any]]:
    """Answers that refuse these tokens."""
    return lambda request: (
        {"errcode": code, "errmsg": "invalid credential"}
        if request.url.params["access_token"] in tokens
        else FINE
    )


def token(name: str, seconds: object = 7200) -> dict[str, object]:
    """A reply of the token endpoint."""
    return {"access_token": name, "expires_in": seconds}


async def test_twenty_calls_at_once_fetch_one_token(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: FINE
    script.before = lambda: asyncio.sleep(0)
    await asyncio.gather(*(wechat.waiting_cases() for _ in range(20)))
    assert (len(script.tokens), len(script.requests)) == (1, 20)


async def test_twenty_calls_that_lose_their_token_fetch_one_other(wechat: WeChatClient, script: Any) -> None:
    script.token_answer = lambda number: token(f"token-{number}")
    script.before = lambda: asyncio.sleep(0)
    script.answer = refusing("token-1")
    await asyncio.gather(*(wechat.waiting_cases() for _ in range(20)))
    assert len(script.tokens) == 2
    assert [t["force_refresh"] for t in script.tokens] == [False, False]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_send_with_an_old_token_arrives_once_with_the_new_one(
    wechat: WeChatClient, script: Any, code: int
) -> None:
    script.token_answer = lambda number: token(f"token-{number}")
    script.answer = refusing("token-1", code=code)
    await wechat.send_text(openid="o1", text="好")
    assert [r.url.params["access_token"] for r in script.requests] == ["token-1", "token-2"]


async def test_the_same_token_again_is_forced_once(wechat: WeChatClient, script: Any) -> None:
    script.token_answer = lambda _: token("new" if script.tokens[-1]["force_refresh"] else "old")
    script.answer = refusing("old")
    await wechat.waiting_cases()
    assert [t["force_refresh"] for t in script.tokens] == [False, False, True]


async def test_a_token_refused_for_ever_costs_few_calls(
    wechat: WeChatClient, script: Any, clock: Any
) -> None:
    script.token_answer = lambda _: token("always-the-same")
    script.answer = refusing("always-the-same")
    for _ in range(120):  # ten minutes of polling
        clock.now += 5
        with pytest.raises(ApiError) as caught:
            await wechat.waiting_cases()
        assert (caught.value.errcode, caught.value.category) == (40001, Category.TOKEN)
    forced = [t for t in script.tokens if t["force_refresh"]]
    assert len(forced) <= 4
    assert len(script.requests) == 120, "the same token is not tried again"
    assert len(script.tokens) <= 1 + 120 + len(forced)


async def test_twenty_calls_refused_for_ever_share_one_attempt(wechat: WeChatClient, script: Any) -> None:
    script.token_answer = lambda _: token("always-the-same")
    script.answer = refusing("always-the-same")
    script.before = lambda: asyncio.sleep(0)
    calls = [wechat.waiting_cases() for _ in range(20)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(outcome, ApiError) for outcome in outcomes)
    assert (len(script.tokens), len(script.requests)) == (3, 20)


async def test_always_another_token_and_always_refused_is_no_loop(wechat: WeChatClient, script: Any) -> None:
    script.token_answer = lambda number: token(f"token-{number}")
    script.answer = lambda _: {"errcode": 40001}
    with pytest.raises(ApiError):
        await wechat.send_text(openid="o1", text="好")
    assert (len(script.tokens), len(script.requests)) == (2, 2)


async def test_forcing_is_rationed_by_gap_by_ten_minutes_and_by_day(
    wechat: WeChatClient, script: Any, clock: Any
) -> None:
    script.token_answer = lambda _: token("same")
    script.answer = refusing("same")
    begin, times = clock.now, []
    while clock.now < begin + 86_000:
        before = len(script.tokens)
        with pytest.raises(ApiError):
            await wechat.waiting_cases()
        if script.tokens[-1]["force_refresh"] and len(script.tokens) > before:
            times.append(clock.now - begin)
        clock.now += 29
    assert len(times) == 20
    assert min(b - a for a, b in pairwise(times)) >= 30
    assert all(d - a >= 600 for a, d in zip(times, times[3:], strict=False))


async def test_a_forced_refresh_that_fails_tells_the_first_reason(wechat: WeChatClient, script: Any) -> None:
    script.token_answer = lambda _: (
        {"errcode": 45009} if script.tokens[-1]["force_refresh"] else token("same")
    )
    script.answer = refusing("same")
    with pytest.raises(ApiError) as caught:
        await wechat.waiting_cases()
    assert caught.value.errcode == 40001


@pytest.mark.parametrize(
    ("lasts", "fresh_for"),
    [(7200, 6920), ("7200", 6920), (345, 65), (300, 150), (200, 100), (0, 30), (-5, 30), (10**9, 6920)],
)
async def test_a_token_is_renewed_in_good_time_and_never_in_a_tight_loop(
    wechat: WeChatClient, script: Any, clock: Any, lasts: Any, fresh_for: float
) -> None:
    script.answer = lambda _: FINE
    script.token_answer = lambda number: token(f"token-{number}", lasts)
    await wechat.waiting_cases()
    clock.now += fresh_for - 1
    await wechat.waiting_cases()
    assert len(script.tokens) == 1
    clock.now += 1
    await wechat.waiting_cases()
    assert len(script.tokens) == 2
    assert all(not t["force_refresh"] for t in script.tokens)


async def test_a_clock_that_goes_back_fetches_again(wechat: WeChatClient, script: Any, clock: Any) -> None:
    script.answer = lambda _: FINE
    await wechat.waiting_cases()
    clock.now -= 100_000
    await wechat.waiting_cases()
    assert len(script.tokens) == 2


async def test_a_failed_renewal_does_not_spoil_a_token_that_works(
    wechat: WeChatClient, script: Any, clock: Any
) -> None:
    script.answer = lambda _: FINE
    script.token_answer = lambda number: token("good") if number == 1 else {"errcode": 40125}
    await wechat.waiting_cases()
    clock.now += 7000
    await wechat.waiting_cases()
    await wechat.waiting_cases()
    assert len(script.tokens) == 2, "the next attempt waits a while"
    clock.now += 201
    with pytest.raises(ApiError) as caught:
        await wechat.waiting_cases()
    assert (caught.value.errcode, caught.value.category) == (40125, Category.CREDENTIALS)


async def test_those_who_wait_for_a_token_share_its_failure(wechat: WeChatClient, script: Any) -> None:
    script.before = lambda: asyncio.sleep(0)
    script.token_answer = lambda _: {"errcode": 40164, "errmsg": "invalid ip 203.0.113.9"}
    outcomes = await asyncio.gather(*(wechat.waiting_cases() for _ in range(20)), return_exceptions=True)
    assert {getattr(outcome, "errcode", None) for outcome in outcomes} == {40164}
    assert (len(script.tokens), len(script.requests)) == (1, 0)
    with pytest.raises(ApiError):
        await wechat.waiting_cases()
    assert len(script.tokens) == 2, "a later call asks again"


async def test_a_send_that_got_no_token_was_certainly_not_sent(wechat: WeChatClient, script: Any) -> None:
    for answer in ({"errcode": -1}, httpx.ReadTimeout("slow"), b"<html>", {"expires_in": 7200}):
        script.token_answer = lambda _, answer=answer: answer
        with pytest.raises(WeChatError) as caught:
            await wechat.send_text(openid="o1", text="好")
        assert caught.value.effect is Effect.NONE
    assert script.requests == []


async def test_a_cancelled_fetch_leaves_the_others_alive(wechat: WeChatClient, script: Any) -> None:
    gate = asyncio.Event()
    script.before = gate.wait
    script.answer = lambda _: FINE
    first = asyncio.create_task(wechat.waiting_cases())
    second = asyncio.create_task(wechat.waiting_cases())
    await asyncio.sleep(0)
    first.cancel()
    gate.set()
    assert (await second).total == 0
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_checking_asks_whatever_is_cached(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: FINE
    assert await wechat.check_token() == 7200
    script.token_answer = lambda _: {"errcode": 40001, "errmsg": "invalid credential"}
    with pytest.raises(ApiError) as caught:
        await wechat.check_token()
    assert caught.value.category is Category.CREDENTIALS, "on the token endpoint 40001 is about the secret"
    await wechat.waiting_cases()


async def test_a_changed_secret_is_used_at_the_next_fetch(script: Any) -> None:
    from kefu_desk.wechat.client import WeChatClient

    secrets = ["one", "two"]
    async with WeChatClient(
        appid="wx", secret=lambda: secrets.pop(0), base_url="https://w.test", transport=script
    ) as wechat:
        await wechat.check_token()
        await wechat.check_token()
    assert [json.dumps(t["secret"]) for t in script.tokens] == ['"one"', '"two"']


class TestClassicTokens:
    @pytest.fixture
    async def classic(self, script: Any, waits: Any, clock: Any) -> AsyncIterator[WeChatClient]:
        async with WeChatClient(
            appid="wx6d1f0c83b5a2e974",
            secret=lambda: SECRET,
            token="classic",
            base_url="https://wechat.test",
            transport=script,
            clock=clock,
            monotonic=clock,
            sleep=waits.sleep,
            jitter=waits.jitter,
        ) as wechat:
            yield wechat

    async def test_the_older_endpoint_is_asked_once_and_in_time(
        self, classic: WeChatClient, script: Any, clock: Any
    ) -> None:
        script.answer = lambda _: FINE
        script.before = lambda: asyncio.sleep(0)
        await asyncio.gather(*(classic.waiting_cases() for _ in range(20)))
        asked = {"grant_type": "client_credential", "appid": "wx6d1f0c83b5a2e974", "secret": SECRET}
        assert script.tokens == [asked]
        clock.now += 6920
        await classic.waiting_cases()
        assert len(script.tokens) == 2

    async def test_a_token_retired_by_another_program_is_replaced_once(
        self, classic: WeChatClient, script: Any
    ) -> None:
        script.token_answer = lambda number: token(f"token-{number}")
        script.answer = refusing("token-1")
        script.before = lambda: asyncio.sleep(0)
        await asyncio.gather(*(classic.waiting_cases() for _ in range(20)))
        assert len(script.tokens) == 2
        script.answer = refusing("token-1", "token-2", "token-3")
        with pytest.raises(ApiError):
            await classic.send_text(openid="o1", text="好")
        assert len(script.tokens) == 2, "another one so soon would be a war"

    async def test_refusals_for_ever_do_not_use_up_the_day(
        self, classic: WeChatClient, script: Any, clock: Any
    ) -> None:
        script.token_answer = lambda number: token(f"token-{number}")
        script.answer = lambda _: {"errcode": 40001}
        for _ in range(86_000 // 10):
            clock.now += 10
            with pytest.raises(ApiError):
                await classic.waiting_cases()
        assert 100 < len(script.tokens) <= 220

    async def test_a_send_without_a_token_was_not_sent(self, classic: WeChatClient, script: Any) -> None:
        for answer in ({"errcode": -1}, httpx.ReadTimeout("slow"), b"<html>", {"expires_in": 7200}):
            script.token_answer = lambda _, answer=answer: answer
            with pytest.raises(WeChatError) as caught:
                await classic.send_text(openid="o1", text="好")
            assert caught.value.effect is Effect.NONE
            assert getattr(caught.value, "phase", Effect.NONE) is Effect.NONE
        assert (script.requests, len(script.tokens)) == ([], 4), "asking again would retire a token"

    async def test_neither_the_secret_in_the_address_nor_the_token_is_kept_or_shown(
        self, classic: WeChatClient, script: Any
    ) -> None:
        script.token_answer = lambda _: {"errcode": 40125, "errmsg": f"invalid appsecret {SECRET}"}
        with pytest.raises(ApiError) as caught:
            await classic.check_token()
        assert SECRET not in f"{caught.value} {caught.value.errmsg} {classic!r}"
        assert caught.value.category is Category.CREDENTIALS
        script.token_answer = None
        await classic.check_token()
        assert not any(SECRET.encode() in target for target in classic._line._urls)
        assert SECRET not in repr(classic._carrier._kept)


async def test_a_simulator_that_refuses_every_token_is_asked_twice() -> None:
    now = 1_790_049_600.0
    world = scenario("quiet", seed=7, now=now)
    world.chaos.set("token", "40001_always")
    heard = Heard(httpx.ASGITransport(create_app(world, clock=lambda: now)))
    async with WeChatClient(
        appid=world.account.appid,
        secret=lambda: world.account.secret,
        base_url="http://simulator.test",
        transport=heard,
        clock=lambda: now,
    ) as wechat:
        for _ in range(5):
            with pytest.raises(ApiError) as caught:
                await wechat.waiting_cases()
            assert caught.value.errcode == 40001
    calls = [path for path in heard.paths if path.endswith("getwaitcase")]
    assert len(calls) == 6, "the one forced token earns one more try, the same token none"
    assert len(heard.paths) - len(calls) <= 2 + 5


class Heard(httpx.AsyncBaseTransport):
    """Passes everything on and remembers the paths."""

    def __init__(self, below: httpx.AsyncBaseTransport) -> None:
        self.below = below
        self.paths: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        return await self.below.handle_async_request(request)
