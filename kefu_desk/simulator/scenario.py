"""The worlds that are written in Python, by name, and those that a file describes."""

import random

from msgspec import Struct

from kefu_desk.simulator.cast import COLLEAGUE_LINES, FAREWELL, GREETING
from kefu_desk.simulator.colleagues import Colleagues
from kefu_desk.simulator.population import Account, Agent
from kefu_desk.simulator.records import AGENT_RECEIVED, AGENT_SENT
from kefu_desk.simulator.story import Story
from kefu_desk.simulator.world import World

SCENARIOS = ("day", "quiet", "busy")

SUFFIX = "luye"
DEMO_AGENT = "kf2001@luye"
BUSY_WAITING = 100
BUSY_SESSIONS = 50

WARM_UP = 900.0
FIRST_ARRIVALS = (350.0, 260.0, 160.0, 70.0)
FIRST_PATIENCE = 240.0
REMEMBERED = 9

_NICKS = ("小陈", "小王", "小李", "赵敏", "周可", "吴双", "孙悦", "郑楠", "冯蕾")
_ONLINE = 6
_BOUND = 8


def scenario(name: str, *, seed: int, now: float) -> World:
    """A new world: `day` lives by itself, `quiet` has nobody but the agents, `busy` is full but still.

    Raises:
        ValueError: for a name that is not in SCENARIOS.
    """
    settings = {"day": _begin_day, "quiet": _open_shop, "busy": _fill}
    setting = settings.get(name)
    if setting is None:
        raise ValueError(f"unknown scenario {name!r}")
    return World(setting, seed=seed, now=now)


class Opened(Struct, frozen=True):
    """A new world, and the account of the agent who belongs to the person at the desk."""

    world: World
    agent: str


def written(name: str, text: str, *, seed: int, now: float) -> Opened:
    """A new world from the text of a scenario file; messages call the file `name`.

    Raises:
        ValueError: naming the place in the file and what to write instead.
    """
    from kefu_desk.simulator.script import read
    from kefu_desk.simulator.staging import Staging

    playbook = read(name, text)
    return Opened(World(Staging(playbook), seed=seed, now=now), playbook.desk)


def _open_shop(world: World) -> None:
    """The account and its nine agents: six online, two offline, one unbound."""
    world.account = Account(
        appid="wx6d1f0c83b5a2e974",
        secret="5f8a1c3e7b9d2046a8c1e3f507b9d264",  # noqa: S106  an invented account
        gh_id="gh_8c2e41d7f05a",
        wechat_id=SUFFIX,
        name="鹿野生活馆",
    )
    for number, nick in enumerate(_NICKS, start=1):
        kf_account = f"kf{2000 + number}@{SUFFIX}"
        world.agents[kf_account] = Agent(
            kf_account,
            nick,
            1000 + number,
            avatar=f"http://mmbiz.qpic.cn/mmbiz/luye{number:02d}/0",
            wechat_id=f"luye_kf{number:02d}" if number <= _BOUND else "",
            online=number <= _ONLINE,
        )


def _begin_day(world: World) -> None:
    """A day at the shop: four wait, colleagues are busy, some customers were here before."""
    _open_shop(world)
    begin = world.now
    world.now = begin - WARM_UP
    rng = random.Random(world.rng.random())
    story = Story(world, rng)
    colleagues = Colleagues(world, story, rng, except_for=DEMO_AGENT)
    world.witness = story
    _remember(world, story, rng)
    for number in range(3):
        arrival = begin - 150 + number * 45
        world.at(arrival, lambda: colleagues.accept(story.arrive()))
    for ago in FIRST_ARRIVALS:
        arrival = begin - ago + rng.uniform(-8, 8)
        world.at(arrival, lambda: _arrive_early(story, begin))
    story.begin(begin + 2)
    colleagues.begin(begin + 20)


def _arrive_early(story: Story, begin: float) -> None:
    story.arrive(stays_until=begin + FIRST_PATIENCE, quiet_until=begin)


def _remember(world: World, story: Story, rng: random.Random) -> None:
    """Conversations of the last day, so that some customers are not strangers."""
    lines: list[tuple[float, str, int, str, str]] = []
    agents = [agent for agent in world.agents.values() if agent.online]
    for person in story.people()[:REMEMBERED]:
        agent = rng.choice(agents)
        time = world.now - rng.uniform(1.0, 22.0) * 3600
        lines.append(
            (time, person.openid, AGENT_SENT, GREETING.replace("{nick}", agent.nick), agent.kf_account)
        )
        person.visits = 1
        for beat in person.persona.scripts[0]:
            for line in (beat,) if isinstance(beat, str) else beat:
                time += rng.uniform(4, 20)
                lines.append((time, person.openid, AGENT_RECEIVED, line, agent.kf_account))
            time += rng.uniform(6, 30)
            lines.append((time, person.openid, AGENT_SENT, rng.choice(COLLEAGUE_LINES), agent.kf_account))
        world.customers[person.openid].grant(time - 30)
        lines[-1] = (time, person.openid, AGENT_SENT, FAREWELL, agent.kf_account)
    for time, openid, opercode, text, worker in sorted(lines):
        world.records.add(openid, opercode, text, time, worker)


def _fill(world: World) -> None:
    """100 customers waiting and 50 served by the demo's agent, each session with six messages."""
    _open_shop(world)
    begin = world.now
    for number in range(BUSY_SESSIONS):
        world.now = begin - 900 + number * 12
        openid = world.add_customer().openid
        world.customer_says(openid, "你好，在吗？")
        world.open_session(openid, DEMO_AGENT)
        for turn in range(3):
            world.now += 1
            world.customer_says(openid, f"请问第 {number + 1} 号订单到哪了？({turn + 1})")
            world.now += 1
            world.agent_says(openid, "您好，正在为您查询，请稍等。")
    for number in range(BUSY_WAITING):
        world.now = begin - 290 + number * 2.5
        world.customer_says(world.add_customer().openid, "有人吗？")
    world.now = begin
