"""Guards the pin of PySide6: 6.12.0 on Python 3.11 loses a reference of None at every call from Qt."""

import sys

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

CALLS = 2000


def test_pyside_keeps_its_references_of_none(qtbot: QtBot) -> None:
    count = 0

    def tick() -> None:
        nonlocal count
        count += 1

    # with a broken wheel these let the assertion be reached before the interpreter aborts
    spare = [None] * 50_000 + [True] * 50_000 + [False] * 50_000
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        QTimer.singleShot(0, tick)
    qtbot.waitUntil(lambda: count == CALLS)

    assert sys.getrefcount(None) > before - CALLS // 4
    assert len(spare) == 150_000
