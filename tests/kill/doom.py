"""Where a desk is going to die: a named step of its own, known only to this test and not to the product."""

import itertools
import os
import signal
import sqlite3
import threading
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from kefu_desk.app import compose
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.storage.database import Database
from kefu_desk.storage.lane import Unit
from kefu_desk.storage.outbox import SqliteOutbox
from kefu_desk.wechat.gateway import WeChatGateway

STEP: "ContextVar[str]" = ContextVar("step", default="")


class Doom:
    """Kills this process, as kill -9 does, when it passes a named point for the n-th time."""

    def __init__(self, at: str, nth: int) -> None:
        self._at = at
        self._left = nth
        self._turn = threading.Lock()

    def passes(self, where: str) -> None:
        """Called with the name of each point, from any thread."""
        if where != self._at:
            return
        with self._turn:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def passes_statement(self, sql: str) -> None:
        """Called with each statement before it runs; the point `sql CREATE INDEX` is each that begins so."""
        if self._at.startswith("sql ") and sql.lstrip().startswith(self._at.removeprefix("sql ")):
            self.passes(self._at)


class MortalFile:
    """The outbox's file: a point `commit STEP` lies in the writing thread, just before the commit."""

    def __init__(self, database: Database, doom: Doom) -> None:
        self._database = database
        self._doom = doom
        self.commits: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def transact(self, unit: Unit[Any], **more: Any) -> Any:
        step = STEP.get()
        self.commits[step] = self.commits.get(step, 0) + 1

        def mortal(connection: sqlite3.Connection) -> Any:
            value = unit(connection)
            self._doom.passes(f"commit {step.partition('#')[0]}")
            return value

        return await self._database.transact(mortal, **more)


class MortalOutbox:
    """The real outbox; the points `before STEP` and `after STEP` lie around each of its steps.

    A step that took two commits could be cut in half where no point is: the process ends loudly.
    """

    def __init__(self, real: SqliteOutbox, file: MortalFile, doom: Doom) -> None:
        self._real = real
        self._file = file
        self._doom = doom
        self._steps = itertools.count()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)

        async def step(*given: Any, **named: Any) -> Any:
            label = f"{name} {given[1]}" if name == "move" else name
            self._doom.passes(f"before {label}")
            token = STEP.set(f"{label}#{next(self._steps)}")
            try:
                value = await method(*given, **named)
                if self._file.commits.pop(STEP.get(), 0) > 1:
                    raise AssertionError(f"{label} took more than one commit")
            finally:
                STEP.reset(token)
            self._doom.passes(f"after {label}")
            return value

        return step


def arm(doom: Doom) -> None:
    """Puts the mortal parts where `open_desk` takes the real ones from; watches statements and renamings."""

    class MortalGateway(WeChatGateway):
        async def send_text(self, openid: OpenId, text: str, agent: AgentId) -> None:
            doom.passes("before send_text")
            await super().send_text(openid, text, agent)
            doom.passes("after send_text")

    class MortalConnection(sqlite3.Connection):
        def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
            doom.passes_statement(sql)
            return super().execute(sql, *given)

        def backup(self, target: sqlite3.Connection, **named: Any) -> None:
            doom.passes("before backup")
            page = {"pages": 1, "progress": lambda *_: doom.passes("page of backup")}
            super().backup(target, **{**named, **page})
            doom.passes("after backup")

    def outbox(database: Database, *given: Any, **named: Any) -> Any:
        file = MortalFile(database, doom)
        real = SqliteOutbox(file, *given, **named)  # type: ignore[arg-type]
        return MortalOutbox(real, file, doom)

    put = Path.replace

    def replace(self: Path, target: Path) -> Path:
        doom.passes(f"before replace {target.name}")
        there = put(self, target)
        doom.passes(f"after replace {target.name}")
        return there

    really = sqlite3.connect
    mortal = {"factory": MortalConnection}
    vars(sqlite3)["connect"] = lambda *given, **named: really(*given, **{**mortal, **named})
    vars(compose).update(SqliteOutbox=outbox, WeChatGateway=MortalGateway)
    Path.replace = replace  # type: ignore[method-assign]


def at_the_brim(folder: Path, more: int) -> None:
    """From here on the kernel kills this process in the middle of a write, so far behind the log's end."""
    import resource

    sizes = [
        path.stat().st_size for path in (folder / "outbox.db", folder / "outbox.db-wal") if path.exists()
    ]
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(sizes) + more, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
