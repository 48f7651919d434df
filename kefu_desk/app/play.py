"""The demo that plays itself: the main job in the real window, told step by step."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from kefu_desk.desk.runtime import Desk
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.ui.window import DeskWindow

ANSWER = "您好，我是客服小陈，正在为您查询，请稍等 🙂"
PATIENCE = 60.0


class Stuck(Exception):  # noqa: N818  an outcome of the play
    """A step did not come about in time."""


class Play:
    """Accepts, reads, answers, receives the reply and closes, through the window's own controls."""

    def __init__(self, window: DeskWindow, desk: Desk, shot: str | None) -> None:
        self._window = window
        self._desk = desk
        self._shot = shot

    async def run(self) -> int:
        """Plays to the end; 0 when every step came about."""
        try:
            await self._play()
        except Stuck as error:
            print(f"stuck: {error}", file=sys.stderr, flush=True)
            return 1
        return 0

    async def _play(self) -> None:
        await self._until("a waiting customer", lambda s: bool(s.queue.cases))
        self._say(f"1 waiting   {self._desk.store.state.queue.count} customers wait for an answer")
        self._window.actions_["accept_next"].trigger()
        state = await self._until(
            "the accepted chat", lambda s: s.conversation is not None and s.conversation.loaded
        )
        openid = state.conversation.openid if state.conversation is not None else OpenId("")
        self._say("2 accepted  the customer who waited longest")
        state = await self._until("the customer's words", lambda s: bool(_said(s)))
        self._say(f"3 reads     {_said(state)[-1]}")
        heard = len(_said(state))
        self._answer(ANSWER)
        await self._until("the answer on its way", lambda s: any(i.text == ANSWER for i in _items(s)))
        self._key(
            self._window.focusWidget(), Qt.Key.Key_Return, "\r"
        )  # in the empty box: not held any longer
        await self._until("the answer accepted", lambda s: any(i.state is SendState.SENT for i in _items(s)))
        self._say(f"4 answered  {ANSWER}")
        state = await self._until("the customer's reply", lambda s: len(_said(s)) > heard)
        self._say(f"5 received  {_said(state)[-1]}")
        await self._picture()
        self._window.actions_["close_chat"].trigger()
        await self._until("the end of the chat", lambda s: all(x.openid != openid for x in s.sessions.items))
        self._say("6 closed    the chat has ended")

    def _answer(self, words: str) -> None:
        """Types as a person does: key events to whatever has the focus."""
        target = self._window.focusWidget()
        for letter in words:
            self._key(target, 0, letter)
        self._key(target, Qt.Key.Key_Return, "\r")

    def _key(self, target: object, key: int, letter: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
            QCoreApplication.sendEvent(target, event)  # type: ignore[arg-type]  # always a widget here

    async def _until(self, what: str, reached: Callable[[DeskState], bool]) -> DeskState:
        changed = asyncio.Event()
        leave = self._desk.store.listen(lambda _fact: changed.set())
        try:
            async with asyncio.timeout(PATIENCE):
                while not reached(self._desk.store.state):
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            raise Stuck(f"{what} did not come within {PATIENCE:.0f} s") from None
        finally:
            leave()
        await asyncio.sleep(0.1)  # lets the window paint what the state already knows
        return self._desk.store.state

    async def _picture(self) -> None:
        if self._shot is None:
            return
        path = Path(self._shot)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grab().save(str(path)):
            raise Stuck(f"the picture {path} could not be written")
        self._say(f"  picture   {path}")

    def _say(self, line: str) -> None:
        print(line, flush=True)


def _items(state: DeskState) -> list[OutboxItem]:
    return list(state.conversation.items) if state.conversation is not None else []


def _said(state: DeskState) -> list[str]:
    """What the customer wrote in this session, newest last."""
    talk = state.conversation
    if talk is None:
        return []
    created = next((s.created for s in state.sessions.items if s.openid == talk.openid), 0)
    return [r.text for r in talk.records if r.from_customer and r.time >= created]
