"""A still world with a clock of our own, spoken to only over HTTP."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.clock import SteppedClock
from kefu_desk.simulator.scenario import DEMO_AGENT, scenario
from kefu_desk.simulator.world import World

NOON = 1_790_000_000.0  # 2026-09-21 22:13:20 in China


class Platform:
    """One client of the simulated platform; every answer is parsed JSON."""

    def __init__(self, http: httpx.AsyncClient, world: World, clock: SteppedClock) -> None:
        self.http, self.world, self.clock = http, world, clock
        self.token = world.tokens.stable(clock()).value
        self.slept: list[float] = []

    async def get(self, path: str, **query: str) -> dict:
        return (await self.http.get(path, params={"access_token": self.token, **query})).json()

    async def post(self, path: str, body: object = None, *, raw: bytes | None = None) -> dict:
        content = json.dumps(body, ensure_ascii=False).encode() if raw is None else raw
        return (await self.http.post(path, params={"access_token": self.token}, content=content)).json()

    async def control(self, path: str, **body: object) -> dict:
        return (await self.http.post(f"/__sim__/{path}", json=body)).json()

    async def say(self, openid: str, words: str = "您好", **more: object) -> dict:
        body = {"touser": openid, "msgtype": "text", "text": {"content": words}, **more}
        return await self.post("/cgi-bin/message/custom/send", body)

    async def accept(self, openid: str, kf_account: str = DEMO_AGENT) -> dict:
        return await self.post(
            "/customservice/kfsession/create", {"kf_account": kf_account, "openid": openid}
        )

    async def records(self, start: int, end: int, msgid: int = 1, number: int = 10_000) -> dict:
        body = {"starttime": start, "endtime": end, "msgid": msgid, "number": number}
        return await self.post("/customservice/msgrecord/getmsglist", body)

    def customer(self, *, writes: str = "在吗") -> str:
        openid = self.world.add_customer().openid
        if writes:
            self.world.customer_says(openid, writes)
        return openid


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOON)


@pytest.fixture
def world(clock: SteppedClock) -> World:
    return scenario("quiet", seed=1, now=clock())


@pytest.fixture
def connect(clock: SteppedClock) -> Callable[[World], AbstractAsyncContextManager[httpx.AsyncClient]]:
    def open_client(world: World) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(create_app(world, clock=clock))
        return httpx.AsyncClient(transport=transport, base_url="https://api.weixin.qq.com")

    return open_client


@pytest.fixture
async def wx(world: World, clock: SteppedClock) -> AsyncIterator[Platform]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    transport = httpx.ASGITransport(create_app(world, clock=clock, sleep=sleep))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.weixin.qq.com") as http:
        platform = Platform(http, world, clock)
        platform.slept = slept
        yield platform
