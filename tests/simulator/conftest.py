"""A still world with a clock of our own, spoken to only over HTTP."""

from collections.abc import AsyncIterator

import httpx
import pytest

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.clock import SteppedClock
from kefu_desk.simulator.scenario import scenario
from kefu_desk.simulator.world import World
from tests.simulator.platform import Platform

NOON = 1_790_000_000.0  # 2026-09-21 22:13:20 in China


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOON)


@pytest.fixture
def world(clock: SteppedClock) -> World:
    return scenario("quiet", seed=1, now=clock())


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
