"""The agent at a desk: accepts, answers, changes their mind, decides what nobody else can."""

import asyncio
import random
from typing import TYPE_CHECKING

from kefu_desk.domain.outbox import WAITING, Decision, OutboxItem, SendState
from tests.simulation.weather import Weather

if TYPE_CHECKING:
    from tests.simulation.desk import DeskUnderTest

ANSWERS = ("您好", "好的", "稍等", "已经发货了", "谢谢您")
"""A small pool: twins are where the bugs are (reliability 5.6)."""


PACE = 3.0
"""Seconds from one thing to the next."""


class Person:
    """Does one thing after the other at a desk that may die under their hands."""

    def __init__(self, desk: "DeskUnderTest", rng: random.Random, own: str, weather: Weather) -> None:
        self._desk = desk
        self._rng = rng
        self._words = tuple(words + own for words in ANSWERS[: weather.words])
        self._haste = weather.haste

    async def work(self) -> None:
        """Works until cancelled."""
        while True:
            await asyncio.sleep(self._rng.expovariate(1 / PACE))
            if self._desk.awake:
                await self.act()

    async def act(self) -> None:
        """One thing that a person does."""
        roll = self._rng.random()
        if roll < 0.12:
            self._desk.ask("accept", self._desk.commands.accept_next())
        elif roll < 0.7:
            await self._answer()
        elif roll < 0.9:
            self._decide()
        elif roll < 0.93:
            self._close()
        else:
            await self._other()

    async def _answer(self) -> None:
        """Types, perhaps looks elsewhere meanwhile, and sends one line or a burst."""
        state, rng = self._desk.state, self._rng
        mine = [session.openid for session in state.sessions.items] or (
            [state.conversation.openid] if state.conversation is not None else []
        )
        if not mine:
            return
        openid = rng.choice(mine)
        self._desk.ask("open", self._desk.commands.open_conversation(openid))
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            words = rng.choice(self._words)
            if rng.random() < 0.3:
                self._desk.ask("draft", self._desk.commands.keep_draft(openid, words))
                await asyncio.sleep(rng.uniform(0.1, 2))
                if not self._desk.awake:
                    return
                if rng.random() < 0.5:
                    self._desk.ask("switch", self._desk.commands.open_conversation(rng.choice(mine)))
            self._desk.send(openid, words)
            await asyncio.sleep(rng.choice((0.0, 0.3, 2.0)))
            if not self._desk.awake:
                return

    def _decide(self) -> None:
        """Answers the question about a send whose outcome nobody knows, or about one that failed."""
        rng = self._rng
        for item in self._desk.state.outbox:
            asked = item.asked is not None or rng.random() < self._haste
            if item.state is SendState.FAILED or (item.state is SendState.UNKNOWN and asked):
                self._settle(item)
                return

    def _settle(self, item: OutboxItem) -> None:
        commands, rng = self._desk.commands, self._rng
        if item.state is SendState.FAILED:
            if rng.random() < 0.5:
                self._desk.ask(f"sends #{item.id} again", commands.send_again(item.id))
            else:
                self._desk.ask(f"sets #{item.id} aside", commands.set_aside(item.id))
            return
        decision = rng.choice((Decision.AGAIN, Decision.AGAIN, Decision.ARRIVED, Decision.LEFT))
        self._desk.ask(f"says of #{item.id}: {decision.value}", commands.answer(item.id, decision))

    def _close(self) -> None:
        sessions = self._desk.state.sessions.items
        if sessions:
            openid = self._rng.choice(sessions).openid
            self._desk.ask("close", self._desk.commands.close(openid))

    async def _other(self) -> None:
        """Second thoughts."""
        rng, commands, state = self._rng, self._desk.commands, self._desk.state
        held = [i for i in state.outbox if i.state is SendState.HELD]
        waiting = [i for i in state.outbox if i.state in WAITING]
        roll = rng.random()
        if waiting and roll < 0.3:
            item = rng.choice(waiting)
            self._desk.ask(f"takes #{item.id} back", commands.set_aside(item.id))
        elif held and roll < 0.5:
            self._desk.ask("undoes", commands.undo(held[-1].openid))
        elif held and roll < 0.6:
            self._desk.ask("lets it go", commands.release(held[-1].openid))
        elif roll < 0.7 and state.sessions.items:
            openid, words = rng.choice(state.sessions.items).openid, rng.choice(self._words)
            self._desk.park(openid, words)
        elif roll < 0.8:
            self._desk.ask("refresh", commands.refresh())
        elif state.notices:
            self._desk.ask("dismiss", commands.dismiss(state.notices[0].number))
