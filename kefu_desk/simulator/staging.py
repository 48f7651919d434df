"""Puts a scenario file on the stage: a world with its people and all that is planned."""

import random

from kefu_desk.simulator.cast import Persona
from kefu_desk.simulator.chaos import SWITCHES
from kefu_desk.simulator.colleagues import Colleagues
from kefu_desk.simulator.playbook import Crowd, Playbook, Post, Role, Trouble
from kefu_desk.simulator.population import Account, Agent
from kefu_desk.simulator.records import AGENT_RECEIVED, AGENT_SENT
from kefu_desk.simulator.script import LINE_SECONDS, first_arrival
from kefu_desk.simulator.story import Person, Story
from kefu_desk.simulator.world import World

COLLEAGUES_AFTER = 20.0
FIRST_KF_ID = 1001
SHORTEST_PAUSE = 4.0


class Staging:
    """One performance of a playbook; called with a new world, it populates it."""

    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook

    def __call__(self, world: World) -> None:
        """Populates a world; the same seed gives the same story."""
        playbook = self._playbook
        rng = random.Random(world.rng.random())
        begin = world.now
        world.account = _account(playbook)
        for number, post in enumerate(playbook.posts):
            _hire(world, number, post, begin)
        roaming = [
            _persona(crowd, rng)
            for crowd in playbook.crowds
            if crowd.arrives is None
            for _ in range(crowd.count)
        ]
        story = Story(world, rng, cast=roaming, reactions=playbook.reactions, chance=1.0)
        colleagues = Colleagues(world, story, rng, except_for=playbook.desk, manner=playbook.manner)
        world.witness = story
        people = [story.meet(r.persona, openid=r.openid or None, roams=not r.arrives) for r in playbook.roles]
        _remember(world, playbook, people, rng)
        world.now = begin + first_arrival(playbook.roles, playbook.crowds)
        usher = _Usher(world, story, colleagues, playbook)
        for role, person in zip(playbook.roles, people, strict=True):
            usher.expect(role, person, begin)
        for crowd in playbook.crowds:
            usher.expect_many(crowd, begin, rng)
        if playbook.flow is not None:
            story.begin(begin, playbook.flow)
        if playbook.manner.who:
            colleagues.begin(begin + COLLEAGUES_AFTER)
        for trouble in playbook.troubles:
            _plan(world, trouble, begin)


class _Usher:
    """Lets people in at their time, and to the agent who serves them where one is named."""

    def __init__(self, world: World, story: Story, colleagues: Colleagues, playbook: Playbook) -> None:
        self._world = world
        self._story = story
        self._colleagues = colleagues
        self._working = playbook.manner.who or frozenset()

    def expect(self, role: Role, person: Person, begin: float) -> None:
        """Plans the arrivals of a customer with a name."""
        for time in role.arrives:
            self._world.at(begin + time, lambda: self._let_in(person, role.served_by))

    def expect_many(self, crowd: Crowd, begin: float, rng: random.Random) -> None:
        """Plans the arrivals of a crowd, evenly within its span."""
        if crowd.arrives is None:
            return
        first, last = crowd.arrives
        step = (last - first) / max(1, crowd.count - 1)
        for number in range(crowd.count):
            person = self._story.meet(_persona(crowd, rng), roams=False)
            time = begin + first + number * step
            self._world.at(time, lambda person=person: self._let_in(person, crowd.served_by))  # type: ignore[misc]

    def _let_in(self, person: Person, served_by: str) -> None:
        self._story.come(person)
        agent = self._world.agents.get(served_by)
        if agent is None or person.openid in self._world.sessions or person.visit is None:
            return
        if served_by in self._working:
            self._colleagues.serve(person.openid, agent)
        else:
            self._world.open_session(person.openid, served_by)


def _account(playbook: Playbook) -> Account:
    invented = random.Random(playbook.appid)
    return Account(
        appid=playbook.appid,
        secret=f"{invented.getrandbits(128):032x}",
        gh_id=f"gh_{invented.getrandbits(48):012x}",
        wechat_id=playbook.wechat_id,
        name=playbook.account,
    )


def _hire(world: World, number: int, post: Post, begin: float) -> None:
    agent = Agent(
        post.kf_account,
        post.nick,
        FIRST_KF_ID + number,
        avatar=f"http://mmbiz.qpic.cn/mmbiz/{world.account.wechat_id}{number + 1:02d}/0",
        wechat_id=f"{world.account.wechat_id}_kf{number + 1:02d}" if post.bound else "",
        online=post.online,
    )
    world.agents[post.kf_account] = agent
    for first, last in post.breaks if post.online else ():
        world.at(begin + first, lambda: _turn(agent, online=False))
        world.at(begin + last, lambda: _turn(agent, online=True))


def _turn(agent: Agent, *, online: bool) -> None:
    agent.online = online


def _persona(crowd: Crowd, rng: random.Random) -> Persona:
    return Persona(
        remark="",
        temper=crowd.temper,
        opening=rng.choice(crowd.openings),
        scripts=(rng.choice(crowd.scripts),),
        thanks=crowd.thanks,
        leaves=crowd.leaves,
        insists=0.0,
    )


def _remember(world: World, playbook: Playbook, people: list[Person], rng: random.Random) -> None:
    """Conversations of the past, in order of time over all customers."""
    lines: list[tuple[float, str, int, str, str]] = []
    for role, person in zip(playbook.roles, people, strict=True):
        for past in role.history:
            time = world.now - past.ago
            for by_agent, words in past.lines:
                opercode = AGENT_SENT if by_agent else AGENT_RECEIVED
                lines.append((time, person.openid, opercode, words, past.kf_account))
                if not by_agent:
                    world.customers[person.openid].grant(time)
                time += rng.uniform(SHORTEST_PAUSE, LINE_SECONDS)
    for time, openid, opercode, text, worker in sorted(lines, key=lambda line: line[0]):
        world.records.add(openid, opercode, text, time, worker)


def _plan(world: World, trouble: Trouble, begin: float) -> None:
    default = SWITCHES[trouble.switch][0]
    world.at(
        begin + trouble.begins, lambda: world.chaos.set(trouble.switch, trouble.value, paths=trouble.paths)
    )
    world.at(begin + trouble.ends, lambda: world.chaos.set(trouble.switch, default, paths=trouble.paths))
