"""The last resort: exit code 70, a report without secrets, and an end even when nothing ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from kefu_desk.app.crash import EXIT_CODE, last_resort
from tests.app.program import PATIENCE, SECRET, environment

SERVICE = """
import sys
from kefu_desk.app import cli
from kefu_desk.desk.runtime import Desk

async def opens(*_):
    raise RuntimeError("broken https://x/?access_token={secret}&a=1")

Desk._open = opens
sys.exit(cli.main(sys.argv[1:]))
"""
THREAD = """
import sys, threading
from kefu_desk.app import cli, headless

async def watch(*_):
    thread = threading.Thread(target=lambda: [].pop())
    thread.start()
    thread.join()
    class Noisy:
        def __del__(self):
            raise RuntimeError("from __del__")
    Noisy()

headless.watch = watch
sys.exit(cli.main(["watch", "--simulator", "quiet"]))
"""
NATIVE = """
import ctypes, resource, sys
from kefu_desk.app.crash import install_hooks
install_hooks()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
ctypes.string_at(0)
"""
ABORTED = """
import os, sys
from kefu_desk.app.crash import install_hooks
install_hooks()
def serve(secret):
    os.abort()
serve(sys.argv[1])
"""
HIDDEN = """
import asyncio, ctypes, sys
from kefu_desk.app import upkeep
GET = 3
before = ctypes.CDLL(None).prctl(GET, 0, 0, 0, 0)

class Clock:
    async def pause(self, seconds, wake):
        raise asyncio.CancelledError

async def main():
    try:
        await upkeep.keep_up(None, Clock())
    except asyncio.CancelledError:
        print(before, ctypes.CDLL(None).prctl(GET, 0, 0, 0, 0))

asyncio.run(main())
"""
STUCK = """
import threading, time
from kefu_desk.app import crash
crash.DEADLINE = 0.3
{before}
crash.arm_deadline()
time.sleep(60)
"""
SLOW = """
from kefu_desk.app import crash
import time
crash.DEADLINE = 0.2
crash.arm_deadline()
crash.disarm_deadline()
time.sleep(0.5)
"""


def script(home: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", text, *arguments],
        env=environment(home),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [("watch", "--simulator", "quiet", "--seconds", "20"), ("demo", "--scenario", "quiet")],
    ids=["watch", "window"],
)
def test_a_fault_at_the_opening_ends_the_program_with_70(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = script(tmp_path, SERVICE.format(secret=SECRET), *words)
    assert done.returncode == EXIT_CODE == 70
    log = (tmp_path / "logs" / "desk.log").read_text(encoding="utf-8")
    for told in (done.stderr, log):
        assert "RuntimeError: broken https://x/?access_token=***&a=1" in told
        assert SECRET not in told
    assert "CRITICAL kefu_desk.app.crash unexpected error" in log


def test_faults_nobody_waits_for_reach_the_log(tmp_path: Path) -> None:
    done = script(tmp_path, THREAD)
    assert done.returncode == 0
    log = (tmp_path / "logs" / "desk.log").read_text(encoding="utf-8")
    assert "IndexError: pop from empty list" in log
    assert "RuntimeError: from __del__" in log
    assert "IndexError: pop from empty list" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits")
def test_f_p08_a_native_crash_leaves_stacks_and_no_memory(tmp_path: Path) -> None:
    done = script(tmp_path, NATIVE)
    assert done.returncode < 0
    assert "Fatal Python error: Segmentation fault" in done.stderr
    assert "string_at" in done.stderr


def test_f_p08_the_stacks_hold_no_values(tmp_path: Path) -> None:
    done = script(tmp_path, ABORTED, SECRET)
    assert done.returncode != 0
    assert "Fatal Python error: Aborted" in done.stderr
    assert "in serve" in done.stderr
    assert SECRET not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_f_p08_a_desk_leaves_no_memory_to_a_collector(tmp_path: Path) -> None:
    done = script(tmp_path, HIDDEN)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 0\n", "")


@pytest.mark.parametrize("before", ["", "import sys; sys.stderr.close(); sys.stderr = None"])
def test_the_deadline_ends_what_does_not_end(tmp_path: Path, before: str) -> None:
    done = script(tmp_path, STUCK.format(before=before))
    assert done.returncode == 1
    assert before or "Timeout" in done.stderr


def test_a_disarmed_deadline_ends_nothing(tmp_path: Path) -> None:
    assert script(tmp_path, SLOW).returncode == 0


@pytest.mark.logs_warnings
def test_only_faults_become_70(capsys: pytest.CaptureFixture[str]) -> None:
    def fault() -> int:
        raise KeyError(SECRET)

    def leave() -> int:
        raise SystemExit(3)

    assert last_resort(lambda: 5) == 5
    with pytest.raises(SystemExit):
        last_resort(leave)
    assert last_resort(fault) == 70
    err = capsys.readouterr().err
    assert "KeyError: '***'" in err
    assert SECRET not in err
