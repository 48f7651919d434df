"""Real connections to real files, of which chosen statements fail as a disk makes them fail."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

Choice = Callable[[str, tuple[Any, ...]], bool]
FULL = (sqlite3.SQLITE_FULL, "SQLITE_FULL")
BROKEN = (sqlite3.SQLITE_IOERR, "SQLITE_IOERR_WRITE")
HELD = (sqlite3.SQLITE_BUSY, "SQLITE_BUSY")


class Switch:
    """Counts statements, and lets those fail that are chosen, `times` times in all."""

    def __init__(self) -> None:
        self.kind = FULL
        self.choice: Choice | None = None
        self.times = 0
        self.failed = 0
        self.seen = 0
        self.file = ""

    def fail(
        self, choice: Choice, kind: tuple[int, str] = FULL, times: int = 10**9, *, file: str = ""
    ) -> None:
        """From now on; of one file, when its name is given."""
        self.choice, self.kind, self.times, self.failed, self.seen = choice, kind, times, 0, 0
        self.file = file

    def fail_at(self, number: int, kind: tuple[int, str], file: str) -> None:
        """The statement of that number on a file, counted from now."""
        self.fail(lambda *_: self.seen == number, kind, file=file)

    def mend(self) -> None:
        self.choice = None

    def touch(self, file: str, sql: str, given: tuple[Any, ...]) -> None:
        if self.choice is None or self.file not in file:
            return
        self.seen += 1
        if self.failed < self.times and self.choice(sql, given):
            self.failed += 1
            fault = sqlite3.OperationalError("injected")
            fault.sqlite_errorcode, fault.sqlite_errorname = self.kind
            raise fault


def install(monkeypatch: pytest.MonkeyPatch) -> Switch:
    """From now on every connection obeys the switch."""
    switch, connect = Switch(), sqlite3.connect

    class Faulty(sqlite3.Connection):
        def __init__(self, path: Any, *more: Any, **named: Any) -> None:
            super().__init__(path, *more, **named)
            self.file = str(path)

        def execute(self, sql: str, given: Any = ()) -> sqlite3.Cursor:
            switch.touch(self.file, sql, tuple(given) if not isinstance(given, dict) else ())
            return super().execute(sql, given)

        def executemany(self, sql: str, given: Any) -> sqlite3.Cursor:
            switch.touch(self.file, sql, ())
            return super().executemany(sql, given)

    monkeypatch.setattr(sqlite3, "connect", lambda *a, **more: connect(*a, factory=Faulty, **more))
    return switch


def step_to(state: str) -> Choice:
    """The commit of a send's step to a state."""
    under_way = False

    def chosen(sql: str, given: tuple[Any, ...]) -> bool:
        nonlocal under_way
        if sql.startswith("UPDATE outbox SET state"):
            under_way = given[0] == state
        elif sql == "BEGIN IMMEDIATE":
            under_way = False
        return under_way and sql == "COMMIT"

    return chosen


def all_writes(sql: str, given: tuple[Any, ...]) -> bool:
    """No transaction that writes can begin."""
    return sql == "BEGIN IMMEDIATE"
