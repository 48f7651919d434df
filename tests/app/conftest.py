"""A simulator in a process of its own, put back to its beginning for each test."""

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kefu_desk.domain.failure import DeskError
from kefu_desk.profiles.secrets import Backend, safe_backend
from tests.app.program import Served

Main = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("simulator"), "--scenario", "quiet") as served:
        yield served


@pytest.fixture
def served(simulator: Served) -> Served:
    simulator.chaos()
    simulator.post("reset")
    return simulator


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where this program may write, without a keyring."""
    folder = tmp_path / "home"
    monkeypatch.setenv("KEFU_DESK_HOME", str(folder))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    return folder


@pytest.fixture
def main(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Main]:
    """The command inside this process: exit code, stdout, stderr."""
    from kefu_desk.app import cli

    for module, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))
    root = logging.getLogger()
    before, level = list(root.handlers), root.level

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = cli.main(arguments)
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        return code, *capsys.readouterr()

    yield run
    for handler in [h for h in root.handlers if h not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture
def real_backend(tmp_path: Path) -> Backend:
    """The keyring of the system; its absence is a fault when KEFU_REQUIRE_KEYRING=1."""
    try:
        return safe_backend()
    except DeskError as error:
        if os.environ.get("KEFU_REQUIRE_KEYRING") == "1":
            pytest.fail(f"KEFU_REQUIRE_KEYRING=1, and there is no keyring: {error.failure.detail}")
        pytest.skip("no keyring; packaging/with-keyring.sh brings one")
