"""The other agents, who work in WeChat's own client: they accept somebody now and then, talk, and close."""

import random

from msgspec import Struct

from kefu_desk.simulator.cast import COLLEAGUE_LINES, FAREWELL, GREETING, Span
from kefu_desk.simulator.population import Agent, Session
from kefu_desk.simulator.story import Story
from kefu_desk.simulator.world import World

PULSE = 5.0
ACCEPT_CHANCE = 0.12
LINES_EACH = 8
GREET_AFTER: Span = (2.0, 5.0)
BETWEEN_LINES: Span = (12.0, 35.0)
CLOSE_AFTER: Span = (15.0, 60.0)


class Manner(Struct, frozen=True):
    """How colleagues work: what they say, how many they leave to others, how many they serve at once.

    `who` names those who work; None means everybody.
    """

    greeting: str = GREETING
    lines: tuple[str, ...] = COLLEAGUE_LINES
    farewell: str = FAREWELL
    leave_waiting: int = 3
    at_once: int = 4
    who: frozenset[str] | None = None


class Colleagues:
    """Every online agent except the one who belongs to the person at the desk."""

    def __init__(
        self, world: World, story: Story, rng: random.Random, *, except_for: str, manner: Manner | None = None
    ) -> None:
        self._world = world
        self._story = story
        self._rng = rng
        self._except_for = except_for
        self._manner = manner or Manner()

    def begin(self, now: float) -> None:
        """From `now` on they accept customers."""
        self._world.at(now, self._pulse)

    def accept(self, openid: str) -> None:
        """Somebody with a free hand takes this customer; nobody does when all are busy."""
        free = [agent for agent in self._world.agents.values() if self._has_time(agent)]
        if not free or openid in self._world.sessions:
            return
        self.serve(openid, self._rng.choice(free))

    def serve(self, openid: str, agent: Agent) -> None:
        """This agent takes this customer and talks until both are done."""
        manner = self._manner
        session = self._world.open_session(openid, agent.kf_account)
        greeting = manner.greeting.replace("{nick}", agent.nick)
        lines = self._rng.sample(manner.lines, min(LINES_EACH, len(manner.lines)))
        self._later(GREET_AFTER, session, [greeting, *lines])

    def _pulse(self) -> None:
        world = self._world
        if len(world.waiting) > self._manner.leave_waiting and self._rng.random() < ACCEPT_CHANCE:
            # not the one who has waited longest: that is whom the person at the desk is reaching for
            line = [w.openid for w in world.waiting]
            self.accept(self._rng.choice(line[1:3] or line))
        world.at(world.now + PULSE, self._pulse)

    def _has_time(self, agent: Agent) -> bool:
        if agent.kf_account == self._except_for or not agent.online or not agent.wechat_id:
            return False
        if self._manner.who is not None and agent.kf_account not in self._manner.who:
            return False
        return self._world.accepted_cases(agent.kf_account) < self._manner.at_once

    def _later(self, span: Span, session: Session, lines: list[str]) -> None:
        self._world.at(self._world.now + self._rng.uniform(*span), lambda: self._speak(session, lines))

    def _speak(self, session: Session, lines: list[str]) -> None:
        if self._world.sessions.get(session.openid) is not session:
            return
        if not lines or self._story.has_finished(session.openid):
            self._world.agent_says(session.openid, self._manner.farewell)
            closing = self._world.now + self._rng.uniform(*CLOSE_AFTER)
            self._world.at(closing, lambda: self._close(session))
            return
        self._world.agent_says(session.openid, lines[0])
        self._later(BETWEEN_LINES, session, lines[1:])

    def _close(self, session: Session) -> None:
        if self._world.sessions.get(session.openid) is session:
            self._world.close_session(session.openid)
