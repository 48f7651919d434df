"""The real `kefu-desk` command in processes of its own, and a real simulator beside it."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

APPID, SECRET = "wx6d1f0c83b5a2e974", "5f8a1c3e7b9d2046a8c1e3f507b9d264"
"""Of the simulated account."""

WRONG = "0" * 31 + "1"
PATIENCE = 40


def environment(home: Path, **changes: str) -> dict[str, str]:
    """The environment of a program that has a home of its own and finds no keyring."""
    return {
        **os.environ,
        "KEFU_DESK_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home}/no-bus",
        "PYTHONWARNINGS": "default",
        "PYTHONUNBUFFERED": "",  # what a program has not flushed shows only when it is lost
        **changes,
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "kefu_desk", *arguments]


def run(home: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end."""
    return subprocess.run(
        command(*arguments),
        env=environment(home, **changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def fed(home: Path, secret: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end with the AppSecret on its input."""
    return subprocess.run(
        command(*arguments, "--secret-stdin"),
        env=environment(home),
        input=f"{secret}\n",
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def start(home: Path, *arguments: str, **changes: str) -> subprocess.Popen[str]:
    """Starts the command; the caller ends it."""
    return subprocess.Popen(
        command(*arguments),
        env=environment(home, **changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def bytes_below(folder: Path) -> bytes:
    """Everything that was written there."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


class Served:
    """`kefu-desk simulate` on a free port of this computer."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.process = start(home, "simulate", "--port", "0", *arguments)
        self.line = self._out.readline().strip()
        found = re.match(r"(http://\S+) appid=(\S+) secret=(\S+) agent=(\S+) ledger=(\S+)", self.line)
        assert found is not None, self.line or self._err.read()
        self.url, self.appid, self.secret, self.agent, self.ledger = found.groups()

    @property
    def _out(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def _err(self) -> IO[str]:
        assert self.process.stderr is not None
        return self.process.stderr

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/__sim__/{path}") as answer:
            return json.load(answer)

    def post(self, path: str, **body: object) -> Any:
        request = urllib.request.Request(f"{self.url}/__sim__/{path}", json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def chaos(self, **switches: object) -> None:
        self.post("chaos", clear=True, **switches)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code and what else it said."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.returncode is None:
            self.stop()


def facts(lines: str) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]
