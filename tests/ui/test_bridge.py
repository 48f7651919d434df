"""The bridge: many facts, one signal a frame, and never inside a task."""

import asyncio

from msgspec.structs import replace
from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kefu_desk.domain.state import DeskState
from kefu_desk.ui.bridge import FRAME_MS, Bridge
from tests.ui.shown import qt_runner


class Source:
    """A state that changes, and what a bridge told of it."""

    def __init__(self) -> None:
        self.state = DeskState()
        self.bridge = Bridge(lambda: self.state)
        self.told: list[tuple[DeskState, DeskState]] = []
        self.bridge.changed.connect(lambda before, after: self.told.append((before, after)))

    def change(self) -> DeskState:
        """Another state, as after a fact."""
        self.state = replace(self.state, openings=self.state.openings + 1)
        self.bridge.mark_dirty()
        return self.state


def test_many_facts_are_told_once_with_the_first_and_the_last_state(qtbot: QtBot) -> None:
    source = Source()
    first = source.state
    for _ in range(100):
        source.change()
    assert source.told == []
    qtbot.waitUntil(lambda: bool(source.told))
    assert len(source.told) == 1
    before, after = source.told[0]
    assert before is first
    assert after is source.state
    qtbot.wait(2 * FRAME_MS)
    assert len(source.told) == 1


def test_the_next_change_goes_on_from_what_was_told(qtbot: QtBot) -> None:
    source = Source()
    middle = source.change()
    qtbot.waitUntil(lambda: len(source.told) == 1)
    source.change()
    qtbot.waitUntil(lambda: len(source.told) == 2)
    assert source.told[1] == (middle, source.state)
    assert source.told[1][0] is middle


def test_a_fact_that_changes_nothing_is_not_told(qtbot: QtBot) -> None:
    source = Source()
    source.bridge.mark_dirty()
    qtbot.wait(2 * FRAME_MS)
    assert source.told == []


def test_a_lone_change_does_not_wait_for_a_frame(qtbot: QtBot) -> None:
    source = Source()
    source.change()
    timer = source.bridge.findChild(QTimer)
    assert timer is not None
    assert timer.interval() == 0


def test_there_is_at_most_one_signal_a_frame(qtbot: QtBot) -> None:
    source = Source()
    watch = QElapsedTimer()
    watch.start()
    while len(source.told) < 10:
        source.change()
        QApplication.processEvents()
    # coarse timers of Qt may come 5 % early
    assert watch.elapsed() >= 9 * FRAME_MS * 0.95 - 1


def test_after_the_end_nothing_is_told(qtbot: QtBot) -> None:
    source = Source()
    source.change()
    source.bridge.stop()
    qtbot.wait(2 * FRAME_MS)
    assert source.told == []


def test_a_change_made_inside_a_task_is_told_outside_of_every_task(qapp: QApplication) -> None:
    source = Source()
    tasks: list[object] = []
    source.bridge.changed.connect(lambda *_: tasks.append(asyncio.current_task()))

    async def work() -> None:
        assert asyncio.current_task() is not None
        told = asyncio.Event()
        source.bridge.changed.connect(told.set)
        source.change()
        await told.wait()

    with qt_runner(qapp) as runner:
        runner.run(work())
    assert tasks == [None]


def test_a_slot_that_changes_the_state_is_told_of_its_own_change_later(qtbot: QtBot) -> None:
    source = Source()
    source.bridge.changed.connect(lambda _before, after: source.change() if after.openings < 3 else None)
    source.change()
    qtbot.waitUntil(lambda: len(source.told) == 3)
    assert [after.openings for _, after in source.told] == [1, 2, 3]
