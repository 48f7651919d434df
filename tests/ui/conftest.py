"""A real desk on the quiet simulator in the real window, played in Qt's event loop."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kefu_desk.app.clock import SystemClock
from kefu_desk.app.compose import Means, open_desk, to_simulation
from kefu_desk.desk.cadence import Cadence
from kefu_desk.desk.runtime import Desk
from kefu_desk.domain.state import DeskState
from kefu_desk.presenters.timeline import TimelineRow
from kefu_desk.simulator.world import World
from kefu_desk.ui.window import DeskWindow
from kefu_desk.ui.wiring import Wiring
from tests.ui.shown import Shown, qt_runner, show_window

PATIENCE = 10.0


@dataclass
class Case:
    """One open desk in one window."""

    shown: Shown
    desk: Desk
    wiring: Wiring
    world: World

    @property
    def window(self) -> DeskWindow:
        return self.shown.window

    @property
    def state(self) -> DeskState:
        return self.desk.store.state

    def arrive(self, *words: str) -> list[str]:
        """New customers begin to wait; the desk looks at once."""
        openids = [self.world.add_customer().openid for _ in words]
        for openid, said in zip(openids, words, strict=True):
            self.say(openid, said)
        return openids

    def say(self, openid: str, words: str) -> None:
        """A customer writes."""
        self.world.customer_says(openid, words)
        self.press("refresh")

    def press(self, name: str) -> None:
        """A command of the menu, as its key would give it."""
        self.window.actions_[name].trigger()

    async def until(self, what: str, reached: Callable[[], object]) -> None:
        """Lets desk and window work until something holds."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while not reached():
            if asyncio.get_running_loop().time() > end:
                pytest.fail(f"did not come about: {what}")
            await asyncio.sleep(0.005)

    async def accept(self, words: str = "你好") -> str:
        """A chat with a new customer who has written in it."""
        (openid,) = self.arrive(words)
        await self.until("who waits", lambda: self.window.queue.model.rows)
        self.window.queue.acceptRequested.emit(openid)
        await self.until("the chat", lambda: self.window.composer.key == openid)
        self.say(openid, words)
        await self.until("the words", self.bubbles)
        return openid

    def send(self, *lines: str) -> None:
        """Types lines into the reply box, each with Enter; the box must be empty before the next."""
        edit = self.window.composer.focusProxy()
        for line in lines:
            QTest.keyClicks(edit, line)
            QTest.keyClick(edit, Qt.Key.Key_Return)

    def bubbles(self) -> list[TimelineRow]:
        """The bubbles of the chat in front."""
        model = self.window.chat.messages._model
        return [row for row in model.rows if row.body]


@pytest.fixture
def play(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> "Play":
    """Plays a scene in Qt's event loop with an open desk, and ends the desk in order."""

    def run(scene: Callable[[Case], Awaitable[None]], hold: float = 0.0) -> None:
        gc.collect()  # a thread of the databases must not be the one to destroy the window before
        shown = show_window(qtbot, qapp)

        async def main() -> None:
            connection, simulation = to_simulation("sim://quiet", seed=1)
            connection = replace(connection, hold=hold)
            means = Means(cadence=Cadence(base=0.5))
            async with open_desk(connection, tmp_path, means) as desk, asyncio.TaskGroup() as group:
                closing = asyncio.Event()
                wiring = Wiring(shown.window, desk, SystemClock().now)
                group.create_task(desk.run(closing))
                wiring.start()
                case = Case(shown, desk, wiring, simulation.world)
                try:
                    await case.until("presence", lambda: desk.store.state.agents.known)
                    await case.until("the queue", lambda: desk.store.state.queue.known)
                    await scene(case)
                finally:
                    closing.set()
            wiring.stop()

        with qt_runner(qapp) as runner:
            runner.run(main())
        shown.language.use("en")
        qapp.setStyleSheet("")
        gc.collect()  # timers of the loop

    return run


@pytest.fixture(autouse=True, scope="module")
def swept() -> Iterator[None]:
    """Windows of a module are gone before another module starts threads, which must not destroy them."""
    yield
    gc.collect()


class Play(Protocol):
    """Plays a scene; a sent line is held for `hold` seconds."""

    def __call__(self, scene: Callable[[Case], Awaitable[None]], hold: float = 0.0) -> None: ...
