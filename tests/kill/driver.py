"""Gives a desk life, orders and death, remembers what it was told, and looks at what is left on the disk."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from kefu_desk.simulator.scenario import DEMO_AGENT
from tests.kill.program import Life
from tests.kill.town import PATIENCE, SEND, Town

ROOT = Path(__file__).resolve().parents[2]
KILLED = frozenset({-9, -25})
"""By SIGKILL, or by the kernel in the middle of a write (SIGXFSZ)."""

LATER = 200.0
"""Seconds after which a restart asks at once about what no record explains."""

FINAL = frozenset({"sent", "failed", "cancelled", "resolved"})
WAITING = frozenset({"held", "queued", "sending", "unknown"})
NEVER_LEFT = frozenset({"held", "queued", "failed", "cancelled", "parked"})

Row = dict[str, Any]

__all__ = ["FINAL", "KILLED", "LATER", "SEND", "Disk", "Nursery", "Person", "Running", "Shop", "on_disk"]


class Nursery:
    """The process that desks are forked from."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        self._line.settimeout(PATIENCE)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill.nursery", str(theirs.fileno())],
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def close(self) -> None:
        self._line.close()
        self._process.wait(PATIENCE)

    def born(self, life: Life, files: list[int]) -> int:
        socket.send_fds(self._line, [msgspec.json.encode(life)], files)
        return int(self._line.recv(64))

    def died(self, pid: int) -> int:
        """The exit code of a process, waited for; -9 when it was killed."""
        self._line.send(str(pid).encode())
        try:
            return int(self._line.recv(64))
        except TimeoutError:  # it lives on: the test fails, but leaves nothing behind
            os.kill(pid, 9)
            self._line.recv(64)
            raise


class Running:
    """One process: orders to it, and everything that it has told."""

    def __init__(self, nursery: Nursery, life: Life, errors: Path) -> None:
        self._nursery = nursery
        self._errors = errors
        self._changed = threading.Condition()
        self.lines: list[Row] = []
        self.rows: dict[int, Row] = {}
        self._ended = False
        order_read, self._orders = os.pipe()
        told, tell_write = os.pipe()
        with errors.open("ab") as said:
            self.pid = nursery.born(life, [order_read, tell_write, said.fileno()])
        os.close(order_read)
        os.close(tell_write)
        self._ear = threading.Thread(target=self._listen, args=(told,))
        self._ear.start()

    def _listen(self, told: int) -> None:
        with os.fdopen(told, "rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    continue  # cut by death: nobody was told
                word = json.loads(line)
                with self._changed:
                    self.lines.append(word)
                    items = word.get("items", [word["item"]] if isinstance(word.get("item"), dict) else [])
                    self.rows.update({item["id"]: item for item in items})
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def order(self, do: str, **words: object) -> None:
        """An order; one to a dead process is lost."""
        try:
            os.write(self._orders, json.dumps({"do": do, **words}).encode() + b"\n")
        except BrokenPipeError:
            return

    def until(self, holds: Callable[[], object], what: str = "") -> Any:
        """Waits until something was told; the desk must not die before."""
        with self._changed:
            self._changed.wait_for(lambda: holds() or self._ended, PATIENCE)
            assert holds(), f"{what}: {self.lines[-12:]} {self._errors.read_text(encoding='utf-8')}"
            return holds()

    def said(self, word: str) -> list[Row]:
        return [line for line in self.lines if line.get("said") == word]

    def facts(self, name: str) -> list[Row]:
        return [line for line in self.lines if line.get("fact") == name]

    def ready(self) -> "Running":
        self.until(lambda: self.said("ready"), "ready")
        return self

    def row(self, words: str) -> Row | None:
        """The newest row with these words, as it was last told."""
        return next((r for _, r in sorted(self.rows.items(), reverse=True) if r["text"] == words), None)

    def comes_to(self, words: str, state: str, *, asked: bool = False) -> Row:
        """Waits until the row with these words has come to a state, or further to a question."""
        row: Row = self.until(
            lambda: (r := self.row(words)) and r["state"] == state and (bool(r["asked"]) or not asked) and r,
            f"{words} {state}",
        )
        return row

    def kill(self) -> None:
        os.kill(self.pid, 9)

    def end(self, *, quits: bool = False) -> int:
        """Waits for the end and tells its code; with `quits` it is asked for."""
        if quits:
            self.order("quit")
        try:
            return self._nursery.died(self.pid)
        finally:
            self._ear.join(PATIENCE)
            os.close(self._orders)


class Disk:
    """What a folder holds: rows, drafts, and whether the file is whole."""

    def __init__(self, folder: Path) -> None:
        with tempfile.TemporaryDirectory() as copied, closing(self._copy(folder, Path(copied))) as connection:
            connection.row_factory = sqlite3.Row
            self.check = connection.execute("PRAGMA integrity_check").fetchone()[0]
            self.version = connection.execute("PRAGMA user_version").fetchone()[0]
            self.rows = [dict(row) for row in connection.execute("SELECT * FROM outbox ORDER BY id")]
            self.drafts = dict(tuple(row) for row in connection.execute("SELECT openid, words FROM draft"))

    @staticmethod
    def _copy(folder: Path, to: Path) -> sqlite3.Connection:
        for name in ("outbox.db", "outbox.db-wal"):  # a look at the files themselves would tidy up
            if (folder / name).exists():
                shutil.copyfile(folder / name, to / name)
        return sqlite3.connect(to / "outbox.db")

    def states(self, words: str) -> list[str]:
        return [row["state"] for row in self.rows if row["text"] == words]


def on_disk(folder: Path) -> Disk:
    """What is there now, sound."""
    disk = Disk(folder)
    assert disk.check == "ok"
    return disk


class Person:
    """What somebody has asked a desk for, and what the desk has promised them."""

    def __init__(self) -> None:
        self.asked: dict[str, list[str]] = {}
        self.told: list[tuple[str, str]] = []
        self.again: list[str] = []

    def wants(self, openid: str, words: str) -> None:
        self.asked.setdefault(openid, []).append(words)

    def hears(self, running: Running) -> None:
        """Remembers what a process has told to be taken."""
        customers = {words: openid for openid, lines in self.asked.items() for words in lines}
        self.told += [(customers[line["text"]], line["text"]) for line in running.said("took")]

    def complaints(self, disk: Disk, received: dict[str, list[str]]) -> list[str]:
        """Each promise of reliability 1.3 that was broken, when everything has come to rest."""
        found = []
        for row in disk.rows:
            copies = received[row["openid"]].count(row["text"])
            twins = [r for r in disk.rows if (r["openid"], r["text"]) == (row["openid"], row["text"])]
            if copies > 1 + self.again.count(row["text"]):
                found.append(f"sent {copies} times: {row['text']}")
            if sum(r["state"] == "sent" for r in twins) > copies:
                found.append(f"called sent, never arrived: {row['text']}")
            if copies and all(r["state"] in NEVER_LEFT for r in twins):
                found.append(f"called {row['state']}, arrived: {row['text']}")
            if row["state"] not in FINAL | {"parked"} and not row["asked"]:
                found.append(f"still {row['state']}: {row['text']}")
        for openid, words in self.told:
            lines = [r["openid"] for r in disk.rows if words in r["text"].split("\n")]
            if openid not in lines and words not in disk.drafts.get(openid, "").split("\n"):
                found.append(f"lost: {words}")
        for openid, texts in received.items():
            wanted = self.asked.get(openid, [])
            lines = [line for text in texts for line in text.split("\n")]
            again = {line for text in self.again for line in text.split("\n")}
            once = [line for n, line in enumerate(lines) if line not in lines[:n] and line not in again]
            if once != [line for line in wanted if line in once]:
                found.append(f"out of order or to somebody else: {openid} {lines}")
        return found


class Shop:
    """A folder that a desk lives on again and again, and the town that it serves."""

    def __init__(self, nursery: Nursery, town: Town, folder: Path, hold: float = 0.0) -> None:
        self.town = town
        self.folder = folder
        self.hold = hold
        self.person = Person()
        self._nursery = nursery
        self._errors = folder.with_name(f"{folder.name}.stderr")

    @contextmanager
    def desk(self, at: str = "", nth: int = 1, *, hold: float | None = None) -> Iterator[Running]:
        """A life until the end of the block; dies at a point of its own, or by a hand of the town's."""
        account = self.town.world.account
        held = self.hold if hold is None else hold
        server = at.startswith("server ")
        life = Life(
            str(self.folder), self.town.url, account.appid, account.secret, DEMO_AGENT, held, self.town.ahead,
            "" if server else at, nth,
        )  # fmt: skip
        running = Running(self._nursery, life, self._errors)
        if server:
            self.town.kills(running.pid, at.removeprefix("server "), nth)
        try:
            yield running
        except BaseException:
            running.kill()
            running.end()
            raise
        code = running.end(quits=not at)
        self.person.hears(running)
        errors = self._errors.read_text(encoding="utf-8")
        assert not running.facts("CommandCrashed"), errors
        assert code in (KILLED if at else (0,)), f"ended with {code}: {running.lines[-8:]} {errors}"

    def sends(self, running: Running, openid: str, words: str) -> None:
        """Types a line and presses Enter."""
        self.person.wants(openid, words)
        running.order("send", openid=openid, text=words)

    def answers(self, running: Running, words: str, decision: str) -> None:
        """A person answers the question about a text."""
        row = running.comes_to(words, "unknown", asked=True)
        if decision == "again":
            self.person.again.append(words)
        running.order("answer", number=row["id"], decision=decision)
        running.until(lambda: running.rows[row["id"]]["state"] == "resolved", "answered")

    def comes_to_rest(self, running: Running, answer: Callable[[], str] = lambda: "left") -> None:
        """Answers what is asked until nothing waits any more."""

        def waits() -> list[Row]:
            return [r for r in running.rows.values() if r["state"] in WAITING]

        while waits():
            running.until(lambda: not waits() or any(r["asked"] for r in waits()), "rest")
            for row in [r for r in waits() if r["asked"]]:
                self.answers(running, row["text"], answer())

    def settles(self) -> Disk:
        """What is left at the end; every promise was kept."""
        disk = on_disk(self.folder)
        customers = {row["openid"] for row in disk.rows} | set(self.person.asked)
        received = {openid: self.town.received(openid) for openid in customers}
        complaints = self.person.complaints(disk, received)
        assert not complaints, "\n".join(complaints)
        return disk
