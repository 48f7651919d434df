"""Accept and Enter to painted, with 100 waiting and 50 sessions, against a click in a bare list."""

import asyncio
import time
from statistics import median

from figures import line, quantile, spread
from painted import Painted
from PySide6.QtCore import QPoint, QStringListModel, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QWidget
from stage import opened, perform, until

from kefu_desk.app.compose import to_simulation
from kefu_desk.app.stage import Stage
from kefu_desk.desk.runtime import Desk
from kefu_desk.domain.allowance import refuse_send

ROUNDS = 40


async def bare_clicks() -> list[float]:
    """The floor: a click in a plain list of 150 strings that moves a row, to painted."""
    view, model = QListView(), QStringListModel([f"row {n}" for n in range(150)])
    view.setModel(model)
    view.resize(320, 700)
    view.clicked.connect(lambda index: model.removeRow(index.row()))
    view.show()
    painted, taken = Painted(view.viewport()), []
    await asyncio.sleep(0.3)
    for _ in range(ROUNDS):
        rows = model.rowCount()
        painted.expect(lambda rows=rows: model.rowCount() < rows)
        began = time.perf_counter()
        QTest.mouseClick(
            view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(model.index(0)).center()
        )
        taken.append(await painted.after() - began)
        await asyncio.sleep(0.02)
    view.close()
    view.deleteLater()
    return taken


async def accepts(stage: Stage, desk: Desk) -> list[float]:
    """Click on the row's button to the row painted among the sessions."""
    queue, sessions = stage.window.queue, stage.window.sessions
    painted, taken = Painted(sessions.list.viewport()), []
    for _ in range(ROUNDS):
        key = queue.model.at(0).key
        area = queue.list.visualRect(queue.model.index(0))
        move(queue.list.viewport(), area.center())
        await asyncio.sleep(0.05)
        painted.expect(lambda key=key: sessions.model.row_of(key) >= 0)
        began = time.perf_counter()
        QTest.mouseClick(
            queue.list.viewport(),
            Qt.MouseButton.LeftButton,
            pos=QPoint(area.right() - 40, area.bottom() - 16),
        )
        taken.append(await painted.after() - began)
        await until(lambda key=key: _open(desk) == key)
        move(stage.window.composer, QPoint(5, 5))
        await asyncio.sleep(0.15)
    return taken


def move(widget: QWidget, place: QPoint) -> None:
    """Moves the mouse, outside every task: Qt's test library serves events meanwhile."""
    QTimer.singleShot(0, widget, lambda: QTest.mouseMove(widget, place))


def _open(desk: Desk) -> str:
    talk = desk.store.state.conversation
    return talk.openid if talk is not None and talk.loaded else ""


async def sends(stage: Stage, desk: Desk) -> list[float]:
    """Enter in the composer to the bubble painted, one line to each of many customers."""
    messages = stage.window.chat.messages
    painted, taken = Painted(messages.viewport()), []
    state = desk.store.state
    free = [s for s in state.sessions.items if refuse_send(state, s.openid, time.time()) is None]
    for number, session in enumerate(free[:ROUNDS]):
        await desk.commands.open_conversation(session.openid)
        await until(lambda key=session.openid: stage.window.composer.key == key)
        words = f"第 {number} 条：您好，正在为您查询，请稍等"
        stage.window.composer.focus_text()
        editor = stage.window.focusWidget()
        editor.insertPlainText(words)
        await asyncio.sleep(0.05)
        painted.expect(lambda words=words: any(row.body == words for row in messages.model().rows))
        began = time.perf_counter()
        QTest.keyClick(editor, Qt.Key.Key_Return)
        taken.append(await painted.after() - began)
        await asyncio.sleep(0.15)
    return taken


async def play(stage: Stage) -> None:
    floor = await bare_clicks()
    connection, _ = to_simulation("sim://busy", seed=1)
    async with opened(stage, connection) as desk:
        await until(lambda: stage.window.queue.model.rowCount() == 100)
        await until(lambda: stage.window.sessions.model.rowCount() == 50)
        await asyncio.sleep(1)
        results = {"Accept click → row painted": await accepts(stage, desk)}
        results["Enter → bubble painted"] = await sends(stage, desk)
    for name, taken in results.items():
        kept = median(taken) <= 0.030 and quantile(taken, 0.99) <= 0.100
        line(name, spread(taken), spread(floor), "p50 ≤ 30, p99 ≤ 100 ms", kept=kept)


if __name__ == "__main__":
    perform(play)
