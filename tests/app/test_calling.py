"""`call` reaches every method of the client, in this process and over loopback."""

import inspect
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from kefu_desk.app.calling import BadArgument, bind, call, methods
from kefu_desk.app.compose import Connection, connect, to_simulation
from kefu_desk.domain.ids import AgentId
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ApiError
from tests.app.program import Served

CUSTOMER = "oLuyeAAAAAAAAAAAAAAAAAAAAAAA"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")

STEPS: tuple[tuple[str, tuple[str, ...], object], ...] = (
    ("agent_accounts", (), "kf2009@luye"),
    ("online_agents", (), "kf2001@luye"),
    ("add_agent", ("agent=kf2010@luye", "nick=新来的"), None),
    ("rename_agent", ("kf2010@luye", "小钱"), None),
    ("invite_agent", ("agent=kf2010@luye", "wechat_id=luye_kf10"), None),
    ("set_avatar", ("agent=kf2010@luye", "jpeg={jpeg}"), 40066),  # not simulated
    ("delete_agent", ("agent=kf2010@luye",), None),
    ("waiting_cases", (), CUSTOMER),
    ("create_session", (CUSTOMER, "kf2001@luye"), None),
    ("session_of", (f"openid={CUSTOMER}",), "kf2001@luye"),
    ("sessions_of", ("agent=kf2001@luye",), CUSTOMER),
    ("set_typing", (CUSTOMER, "typing=true"), True),
    ("send_text", (CUSTOMER, "text=您好 a=b 🙂", "agent=kf2001@luye"), None),
    ("records_page", ("{start}", "{end}", "number=100"), CUSTOMER),
    ("records", ("start={start}", "end={end}"), CUSTOMER),
    ("close_session", (CUSTOMER, "agent=kf2001@luye"), None),
)


class Town:
    """One simulator and how to reach it."""

    def __init__(self, client: WeChatClient, add: Any, ledger: Any, now: Any) -> None:
        self.client, self.add, self.ledger, self.now = client, add, ledger, now


@pytest.fixture(params=["inside", "loopback"])
async def town(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    if request.param == "inside":
        connection, simulation = to_simulation("sim://quiet", seed=1)
        world = simulation.world

        def add() -> None:
            world.add_customer(CUSTOMER)
            world.customer_says(CUSTOMER, "在吗")

        async with connect(connection) as client:
            yield Town(client, add, lambda: [d.text for d in world.ledger], lambda: world.now)
        return
    served: Served = request.getfixturevalue("served")

    def arrive() -> None:
        served.post("customers", openid=CUSTOMER)
        served.post("message", openid=CUSTOMER, text="在吗")

    loop = Connection("", served.appid, AgentId(served.agent), lambda: served.secret, served.url)
    async with connect(loop) as client:
        yield Town(
            client,
            arrive,
            lambda: [d["text"] for d in served.get("ledger")["ledger"]],
            lambda: served.get("")["now"],
        )


async def test_every_method_is_called(town: Town, tmp_path: Path) -> None:
    jpeg = tmp_path / "face.jpg"
    jpeg.write_bytes(JPEG)
    town.add()
    places = {"{jpeg}": str(jpeg), "{start}": str(int(town.now()) - 60), "{end}": str(int(town.now()) + 60)}
    for method, words, expected in STEPS:
        filled = []
        for word in words:
            for place, value in places.items():
                word = word.replace(place, value)  # noqa: PLW2901  each place in turn
            filled.append(word)
        if isinstance(expected, int) and expected > 1:
            with pytest.raises(ApiError, match=str(expected)):
                await call(town.client, method, bind(method, filled))
            continue
        answer = json.loads(await call(town.client, method, bind(method, filled)))
        if isinstance(expected, str):
            assert expected in json.dumps(answer), method
        else:
            assert answer == expected, method
    assert town.ledger() == ["您好 a=b 🙂"]


def test_every_method_was_in_that_story() -> None:
    assert {method for method, _, _ in STEPS} == set(methods())


def test_every_public_call_of_the_client_is_listed() -> None:
    built = {
        name
        for name, function in inspect.getmembers(WeChatClient, callable)
        if not name.startswith("_") and name not in vars(WeChatClient)
    }
    assert set(methods()) == built


def test_the_list_tells_arguments_and_promise() -> None:
    assert methods()["records_page"].startswith("records_page START END [CURSOR] [NUMBER]\n    One page")
    assert all(len(entry.splitlines()) == 2 and entry.endswith(".") for entry in methods().values())


@pytest.mark.parametrize(
    ("method", "words", "values"),
    [
        ("send_text", ("o1", "a=b"), {"openid": "o1", "text": "a=b"}),
        ("send_text", ("text=x=y", "o1"), {"openid": "o1", "text": "x=y"}),
        ("send_text", ("o1", "t", "ai=YES"), {"openid": "o1", "text": "t", "ai": True}),
        ("set_typing", ("o1", "0"), {"openid": "o1", "typing": False}),
        ("records", ("1", "end=2"), {"start": 1, "end": 2}),
    ],
)
def test_words_become_values(method: str, words: tuple[str, ...], values: dict[str, object]) -> None:
    assert bind(method, words) == values


@pytest.mark.parametrize("private", ["reach", "_calls", "clock_offset", "__init__", ""])
def test_only_what_is_listed_can_be_called(private: str) -> None:
    with pytest.raises(BadArgument):
        bind(private, ())
