"""Runs the real `kefu-desk` command with an ear on stdin: what is on the screen is told, nothing is acted.

    probe.py SECRET_FILE ARGUMENTS OF kefu-desk...

SECRET_FILE stands in for the keyring of the system; `-` leaves the real one in place. Questions are JSON
lines on stdin, answers JSON lines on stdout:

    {"ask": "tree"}                  every visible accessible thing of every window, parents before children
    {"ask": "picture", "file": F}    the X screen as a PNG file
    {"ask": "simulator", ...}        a request to the control interface of the simulator in this process
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAccessibleTextInterface
from PySide6.QtWidgets import QApplication

from kefu_desk.app import compose
from kefu_desk.app.cli import main
from kefu_desk.app.simulation import Simulation
from kefu_desk.profiles import secrets

STATES = ("focused", "checked", "disabled", "selected", "active", "offscreen")


class SecretFile:
    """A keyring store in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get_password(self, _service: str, username: str) -> str | None:
        return self._read().get(username)

    def set_password(self, _service: str, username: str, password: str) -> None:
        self._path.write_text(json.dumps({**self._read(), username: password}), encoding="utf-8")

    def delete_password(self, _service: str, username: str) -> None:
        kept = {name: value for name, value in self._read().items() if name != username}
        self._path.write_text(json.dumps(kept), encoding="utf-8")

    def _read(self) -> dict[str, str]:
        return json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}


class Probe(QObject):
    """Answers questions between two events of Qt's loop."""

    def __init__(self) -> None:
        super().__init__()
        self.simulation: Simulation | None = None
        self._asked = b""
        self._tasks: set[asyncio.Task[None]] = set()
        self._ear = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._ear.activated.connect(self._hear)

    def _hear(self) -> None:
        heard = os.read(0, 65536)
        if not heard:
            self._ear.setEnabled(False)
            return
        *lines, self._asked = (self._asked + heard).split(b"\n")
        for line in lines:
            self._answer(json.loads(line))

    def _answer(self, question: dict[str, Any]) -> None:
        match question["ask"]:
            case "tree":
                say([node for window in windows() for node in nodes(window, 0)])
            case "picture":
                screen = QApplication.primaryScreen()
                say(screen.grabWindow(0).save(question["file"]))
            case "simulator":
                task = asyncio.get_running_loop().create_task(self._request(question))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _request(self, question: dict[str, Any]) -> None:
        assert self.simulation is not None
        async with httpx.AsyncClient(
            transport=self.simulation.transport, base_url="http://simulator"
        ) as client:
            reply = await client.request(question["method"], question["path"], json=question["body"])
        say(reply.json())


def windows() -> list[QAccessibleInterface]:
    """Every visible window, the newest last."""
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    return [QAccessible.queryAccessibleInterface(widget) for widget in shown]


def nodes(thing: QAccessibleInterface, depth: int) -> Iterator[dict[str, Any]]:
    """A visible thing and all below it."""
    state = thing.state()
    if state.invisible or state.invalid:
        return
    rect = thing.rect()
    owner = thing.object()
    yield {
        "depth": depth,
        "role": thing.role().name,
        "class": owner.metaObject().className() if owner is not None else "",
        "name": thing.text(QAccessible.Text.Name),
        "description": thing.text(QAccessible.Text.Description),
        "value": value_of(thing),
        "rect": [rect.x(), rect.y(), rect.width(), rect.height()],
        "states": [name for name in STATES if getattr(state, name)],
    }
    for number in range(thing.childCount()):
        child = thing.child(number)
        if child is not None and child.isValid():
            yield from nodes(child, depth + 1)


def value_of(thing: QAccessibleInterface) -> str:
    """What stands in a text box."""
    text: QAccessibleTextInterface | None = thing.textInterface()
    if text is not None:
        return text.text(0, text.characterCount())
    return thing.text(QAccessible.Text.Value)


def say(answer: object) -> None:
    """One line for the test."""
    os.write(1, json.dumps(answer).encode() + b"\n")


def listen(secret_file: str) -> Probe:
    """Sets the ear up, and keeps the simulation that the program will make."""
    probe = Probe()
    make = compose.to_simulation

    def to_simulation(base_url: str, seed: int) -> tuple[compose.Connection, Simulation]:
        connection, probe.simulation = make(base_url, seed)
        return connection, probe.simulation

    compose.to_simulation = to_simulation
    if secret_file != "-":
        secrets.safe_backend = lambda: SecretFile(Path(secret_file))
    return probe


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    QAccessible.setActive(True)  # as with a screen reader, so that Qt keeps its tree up to date
    probe = listen(sys.argv[1])
    raise SystemExit(main(sys.argv[2:]))
