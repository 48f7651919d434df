"""The gateway against the simulated platform: domain values, and every misfortune as a DeskError."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest

from kefu_desk.domain.agents import Binding
from kefu_desk.domain.failure import Action, Category, DeskError, Effect
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import OperCode
from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.clock import SteppedClock
from kefu_desk.simulator.scenario import scenario
from kefu_desk.simulator.world import World
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.gateway import WeChatGateway

AGENT = AgentId("kf2001@luye")
OTHER = AgentId("kf2002@luye")
NOBODY = AgentId("kf9999@luye")
NOON = 1_790_049_600.0


@pytest.fixture
def stepped() -> SteppedClock:
    return SteppedClock(NOON)


@pytest.fixture
def world() -> World:
    return scenario("quiet", seed=7, now=NOON)


@pytest.fixture
async def gateway(world: World, stepped: SteppedClock, waits: Any) -> AsyncIterator[WeChatGateway]:
    async def sleep(seconds: float) -> None:
        stepped.step(seconds)

    async with WeChatClient(
        appid=world.account.appid,
        secret=lambda: world.account.secret,
        base_url="http://simulator.test",
        transport=httpx.ASGITransport(create_app(world, clock=stepped, sleep=sleep)),  # type: ignore[arg-type]
        clock=lambda: stepped() - 30,
        sleep=waits.sleep,
        jitter=waits.jitter,
    ) as wechat:
        yield WeChatGateway(wechat)


async def failing(call: Awaitable[object]) -> DeskError:
    with pytest.raises(DeskError) as caught:
        await call
    return caught.value


async def test_a_customer_waits_is_taken_answered_and_let_go(
    gateway: WeChatGateway, world: World, stepped: SteppedClock
) -> None:
    openid = OpenId(world.add_customer().openid)
    world.customer_says(openid, "你好 😀")
    waiting = await gateway.waiting_cases()
    assert (waiting.count, waiting.cases[0].openid, waiting.cases[0].latest_time) == (1, openid, int(NOON))
    assert await gateway.waiting_cases() is waiting
    assert await gateway.session_of(openid) is None

    await gateway.create_session(openid, AGENT)
    await gateway.create_session(openid, AGENT)
    assert (await gateway.waiting_cases()).cases == ()
    (session,) = await gateway.sessions(AGENT)
    assert session == await gateway.session_of(openid)
    assert (session.openid, session.agent, session.created) == (openid, AGENT, int(NOON))

    stepped.step(5)
    await gateway.send_text(openid, '您好 "<b>" \\u4f60', AGENT)
    assert world.ledger[0].text == '您好 "<b>" \\u4f60'
    records = await gateway.records(int(NOON), int(stepped()))
    assert [(r.opercode, r.text, r.worker, r.time) for r in records] == [
        (OperCode.AGENT_SENT, '您好 "<b>" \\u4f60', AGENT, int(NOON) + 5)
    ]

    await gateway.close_session(openid, AGENT)
    assert await gateway.sessions(AGENT) == ()
    error = await failing(gateway.close_session(openid, AGENT))
    assert error.failure.category is Category.NO_SESSION


async def test_agents_come_with_presence_and_binding(gateway: WeChatGateway) -> None:
    accounts = await gateway.agent_accounts()
    assert (accounts[0].agent, accounts[0].nick, accounts[0].number) == (AGENT, "小陈", "1001")
    assert [a.binding(NOON) for a in accounts].count(Binding.UNBOUND) == 1
    online = await gateway.online_agents()
    assert len(online) == 6
    assert online[0].status == 1


async def test_equal_records_of_one_second_are_numbered_and_read_in_order(
    gateway: WeChatGateway, world: World, stepped: SteppedClock
) -> None:
    openid = OpenId(world.add_customer().openid)
    world.customer_says(openid, "在吗")
    await gateway.create_session(openid, AGENT)
    for words in ("好的", "好的", "嗯"):
        world.customer_says(openid, words)
    stepped.step(1)
    world.advance(stepped())
    world.customer_says(openid, "好的")
    found = await gateway.records(int(NOON), int(NOON) + 1)
    assert [(r.text, r.ordinal, r.time - int(NOON)) for r in found] == [
        ("好的", 0, 0),
        ("好的", 1, 0),
        ("嗯", 0, 0),
        ("好的", 0, 1),
    ]
    assert len(await gateway.records(int(NOON), int(NOON))) == 3


async def test_the_clock_offset_is_the_servers(gateway: WeChatGateway) -> None:
    assert gateway.clock_offset() is None
    await gateway.waiting_cases()
    assert gateway.clock_offset() == pytest.approx(30.5)
    assert gateway.calls_made() == 2


async def test_refusals_of_a_session_say_what_to_do(gateway: WeChatGateway, world: World) -> None:
    openid = OpenId(world.add_customer().openid)
    world.customer_says(openid, "在吗")
    offline, unbound = AgentId("kf2007@luye"), AgentId("kf2009@luye")
    told = {}
    for agent in (NOBODY, unbound, offline):
        failure = (await failing(gateway.create_session(openid, agent))).failure
        told[agent] = (failure.category, failure.action)
    assert told == {
        NOBODY: (Category.AGENT_UNKNOWN, Action.RETRY),
        unbound: (Category.AGENT_UNBOUND, None),
        offline: (Category.AGENT_OFFLINE, Action.OPEN_MPKF),
    }
    await gateway.create_session(openid, OTHER)
    taken = (await failing(gateway.create_session(openid, AGENT))).failure
    assert (taken.category, taken.code, taken.effect) == (Category.TAKEN, 65414, Effect.NONE)
    assert re_rid(taken.rid)


def re_rid(rid: str) -> bool:
    return [len(part) for part in rid.split("-")] == [8, 8, 8]


async def test_the_allowance_and_the_window_are_different_failures(
    gateway: WeChatGateway, world: World, stepped: SteppedClock
) -> None:
    openid = OpenId(world.add_customer().openid)
    world.customer_says(openid, "在吗")
    for _ in range(5):
        await gateway.send_text(openid, "在", AGENT)
    assert (await failing(gateway.send_text(openid, "在", AGENT))).failure.category is Category.ALLOWANCE_USED
    stepped.step(49 * 3600)
    failure = (await failing(gateway.send_text(openid, "在", AGENT))).failure
    assert (failure.category, failure.effect) == (Category.WINDOW_CLOSED, Effect.NONE)


@pytest.mark.parametrize(
    ("switch", "value", "category", "action"),
    [
        ("token", "40164", Category.IP_REFUSED, Action.COPY_IP),
        ("token", "40125", Category.CREDENTIALS, Action.REENTER_SECRET),
        ("token", "40243", Category.CREDENTIALS, Action.COPY_DETAILS),
        ("token", "40001_always", Category.TOKEN, Action.RETRY),
        ("quota", "45009", Category.QUOTA, None),
        ("quota", "45011", Category.RATE, None),
        ("agent_gate", "65400", Category.FORBIDDEN, Action.COPY_DETAILS),
        ("reply", "html", Category.BAD_REPLY, Action.RETRY),
        ("reply", "empty", Category.BAD_REPLY, Action.RETRY),
        ("reply", "not_json", Category.BAD_REPLY, Action.RETRY),
        ("reply", "truncated", Category.BAD_REPLY, Action.RETRY),
        ("reply", "http_500", Category.BAD_REPLY, Action.RETRY),
        ("fault", "-1_before", Category.BUSY, Action.RETRY),
        ("fault", "reset_after", Category.NETWORK, Action.RETRY),
    ],
)
async def test_misfortune_on_a_read_has_a_kind_and_an_action(
    gateway: WeChatGateway, world: World, switch: str, value: str, category: Category, action: Action | None
) -> None:
    world.chaos.set(switch, value)
    failure = (await failing(gateway.waiting_cases())).failure
    assert (failure.category, failure.action, failure.effect) == (category, action, Effect.NONE)
    assert failure.detail
    assert world.account.secret not in repr(failure)
    world.chaos.clear()
    assert (await gateway.waiting_cases()).count == 0


@pytest.mark.parametrize(
    ("switch", "value", "arrives"),
    [
        ("fault", "-1_before", 0),
        ("fault", "-1_after", 1),
        ("fault", "reset_before", 0),
        ("fault", "reset_after", 1),
        ("reply", "html", 1),
        ("reply", "empty", 1),
        ("reply", "truncated", 1),
        ("reply", "http_500", 1),
    ],
)
async def test_misfortune_on_a_send_is_unknown_and_is_not_repeated(
    gateway: WeChatGateway, world: World, switch: str, value: str, arrives: int
) -> None:
    openid = OpenId(world.add_customer().openid)
    world.customer_says(openid, "在吗")
    await gateway.waiting_cases()
    world.chaos.set(switch, value, paths="custom/send")
    failure = (await failing(gateway.send_text(openid, "您好", AGENT))).failure
    assert failure.effect is Effect.MAYBE
    assert len(world.ledger) == arrives
    assert sum(call.path.endswith("custom/send") for call in world.calls) == 1


async def test_a_session_is_created_although_the_first_answer_was_lost(
    gateway: WeChatGateway, world: World
) -> None:
    openid = OpenId(world.add_customer().openid)
    world.customer_says(openid, "在吗")
    world.chaos.set("fault", "reset_after", paths="kfsession/create", times=1)
    await gateway.create_session(openid, AGENT)
    assert [session.openid for session in await gateway.sessions(AGENT)] == [openid]


READS: list[Callable[[WeChatGateway], Awaitable[Any]]] = [
    lambda g: g.waiting_cases(),
    lambda g: g.online_agents(),
    lambda g: g.agent_accounts(),
    lambda g: g.sessions(AGENT),
    lambda g: g.records(int(NOON) - 3600, int(NOON)),
]


@pytest.mark.parametrize("value", ["extra_fields", "numbers_as_strings", "errcode_string"])
@pytest.mark.parametrize("read", READS)
async def test_carelessly_written_replies_say_the_same(
    gateway: WeChatGateway, world: World, read: Callable[[WeChatGateway], Awaitable[Any]], value: str
) -> None:
    for number in range(3):
        openid = world.add_customer().openid
        world.customer_says(openid, f"{number}")
        if number:
            await gateway.create_session(OpenId(openid), AGENT)
            world.customer_says(openid, f"{number}!")
    usual = await read(gateway)
    world.chaos.set("reply", value)
    assert await read(gateway) == usual


@pytest.mark.parametrize(
    "switch", [("waitcase", "legacy"), ("content_type", "text_plain"), ("errmsg", "none")]
)
async def test_old_shapes_are_understood(
    gateway: WeChatGateway, world: World, switch: tuple[str, str]
) -> None:
    openid = world.add_customer().openid
    world.customer_says(openid, "在吗")
    world.chaos.set(*switch)
    (case,) = (await gateway.waiting_cases()).cases
    assert (case.openid, case.latest_time) == (openid, int(NOON))


@pytest.mark.parametrize("read", READS)
async def test_missing_fields_are_an_answer_or_a_failure(
    gateway: WeChatGateway, world: World, read: Callable[[WeChatGateway], Awaitable[Any]]
) -> None:
    world.customer_says(world.add_customer().openid, "在吗")
    world.chaos.set("reply", "missing_fields", paths="/customservice/")
    with suppress(DeskError):  # and nothing else
        await read(gateway)


@pytest.mark.parametrize("cursor", ["exclusive", "inclusive"])
async def test_the_busy_shop_is_read_in_small_pages_without_loss(cursor: str, stepped: SteppedClock) -> None:
    busy = scenario("busy", seed=3, now=NOON)
    busy.chaos.set("cursor", cursor)
    async with WeChatClient(
        appid=busy.account.appid,
        secret=lambda: busy.account.secret,
        base_url="http://simulator.test",
        transport=httpx.ASGITransport(create_app(busy, clock=stepped)),  # type: ignore[arg-type]
    ) as wechat:
        small = [r async for r in wechat.records(int(NOON) - 3600, int(NOON), number=7)]
        whole = [r async for r in wechat.records(int(NOON) - 3600, int(NOON))]
    assert len(whole) == 300
    assert small == whole


async def test_a_customer_named_twice_is_one_customer(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {
        "count": 120,
        "waitcaselist": [
            {"openid": "o1", "latest_time": 9},
            {"openid": "o2", "latest_time": 5},
            {"openid": "o1", "latest_time": 7},
        ],
        "sessionlist": [{"openid": "o1", "createtime": 9}, {"openid": "o1", "createtime": 7}],
    }
    gateway = WeChatGateway(wechat)
    waiting = await gateway.waiting_cases()
    assert waiting.count == 119
    assert [(case.openid, case.latest_time) for case in waiting.cases] == [("o1", 7), ("o2", 5)]
    (session,) = await gateway.sessions(AGENT)
    assert (session.openid, session.created) == ("o1", 9)
