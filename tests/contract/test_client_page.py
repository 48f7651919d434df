"""The page about the client: its examples run, and it names every method."""

import ast
import inspect
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.clock import SteppedClock
from kefu_desk.simulator.scenario import scenario
from kefu_desk.wechat import client as module
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.spec import ENDPOINTS

PAGE = Path(__file__).parents[2] / "docs" / "client.md"
NOON = 1_790_049_600.0
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\xff\xd9"
AWAITING = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def examples() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


async def run(example: str, names: dict[str, Any]) -> None:
    made = eval(compile(example, "<example>", "exec", flags=AWAITING), names)
    if inspect.isawaitable(made):
        await made


@pytest.fixture
async def names(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[dict[str, Any]]:
    world = scenario("quiet", seed=7, now=NOON)
    openid = world.add_customer().openid
    world.customer_says(openid, "在吗")
    app: Any = create_app(world, clock=SteppedClock(NOON))
    asgi = httpx.ASGITransport(app)
    monkeypatch.setattr(module, "connections", lambda *_: (asgi, asgi))
    given: dict[str, Any] = {
        "APPID": world.account.appid,
        "ADDRESS": "http://simulator.test",
        "read_secret": lambda: world.account.secret,
        "read_file": lambda _: JPEG,
        "openid": openid,
        "agent": next(agent.kf_account for agent in world.agents.values() if agent.online),
        "end": int(NOON),
    }
    async with WeChatClient(
        appid=world.account.appid, secret=given["read_secret"], base_url=given["ADDRESS"], transport=asgi
    ) as wechat:
        yield {**given, "wechat": wechat}


async def test_the_examples_run(names: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    for example in examples():
        await run(example, names)
    assert "nobody is online" not in capsys.readouterr().out
    assert names["file"].data == JPEG
    assert names["tag"].name == "常客"


def test_every_example_after_the_first_has_three_lines() -> None:
    first, *others = examples()
    assert "async with WeChatClient(" in first
    assert [example for example in others if example.count("\n") != 3] == []


def test_the_page_names_every_method_of_the_client_and_of_the_library() -> None:
    words = set(re.findall(r"`([A-Za-z_]+)[`(]", PAGE.read_text(encoding="utf-8")))
    methods = {name for name, _ in inspect.getmembers(WeChatClient, inspect.isfunction) if name[0] != "_"}
    assert methods - words == set()
    assert {name for endpoint in ENDPOINTS for name in endpoint.seed} - words == set()
