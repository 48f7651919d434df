"""What every test stands on: no visible window, private folders, quiet logs, a seed that can be repeated."""

import logging
import os
from collections.abc import Iterator

import pytest

# Before Qt is imported. Tests that need a real X screen start the program in a process of its own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG", "C") == "C":
    # Qt warns about locales that are not UTF-8, and a warning fails a test
    os.environ.pop("LC_ALL", None)
    os.environ["LC_CTYPE"] = "C.UTF-8"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "logs_warnings: this test provokes log records of WARNING or above and checks them itself"
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `display` is skipped without an X screen; `make test` forbids the skip."""
    if item.get_closest_marker("display") and not os.environ.get("DISPLAY"):
        if os.environ.get("KEFU_REQUIRE_DISPLAY") == "1":
            pytest.fail("KEFU_REQUIRE_DISPLAY=1, and there is no DISPLAY")
        pytest.skip("no X screen; `make test` brings one")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    seed = getattr(config.option, "randomly_seed", None)
    if terminalreporter.stats.get("failed") and isinstance(seed, int):
        terminalreporter.write_line(
            f"same order and random numbers again: -p randomly --randomly-seed={seed}"
        )


@pytest.fixture(scope="session", autouse=True)
def private_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test finds or changes the settings and the archive of the person at this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("CONFIG", "DATA", "STATE"):
            patch.setenv(f"XDG_{kind}_HOME", str(tmp_path_factory.mktemp(kind.lower())))
        yield


@pytest.fixture(autouse=True)
def quiet_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning that nobody expected is a fault; mark a test `logs_warnings` when it provokes one."""
    yield
    if request.node.get_closest_marker("logs_warnings"):
        return
    loud = [
        record
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING
    ]
    if loud:
        lines = "\n".join(f"{record.levelname} {record.name}: {record.getMessage()}" for record in loud)
        pytest.fail(f"unexpected log records (mark the test `logs_warnings` if it means to):\n{lines}")
