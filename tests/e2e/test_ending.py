"""However the window is closed, it ends in order and forgets nothing."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Desk
from tests.e2e.screen import QUEUE, SESSIONS, name_of
from tests.e2e.shop import Server, arrive
from tests.e2e.window import PATIENCE, ROOT, environment, group_lives

pytestmark = pytest.mark.display
Beside = Callable[[Server], Desk]


def accept_only(desk: Desk) -> str:
    """Accepts one customer by keyboard."""
    (openid,) = arrive(desk.shop, "你好")
    desk.refresh()
    desk.window.until("who waits", lambda s: s.row(QUEUE, name_of(openid)))
    desk.window.press("ctrl+j")
    desk.window.until("the chat", lambda s: (reply := s.reply()) and "focused" in reply.states)
    return openid


def test_a_draft_outlives_the_window(server: Server, open_beside: Beside) -> None:
    desk = open_beside(server)
    openid = accept_only(desk)
    desk.window.write("还没写完的话")
    desk.window.until("the text", lambda s: (reply := s.reply()) and reply.value == "还没写完的话")
    assert desk.window.close() == 0

    again = open_beside(server).window
    row = again.until("the chat with a draft", lambda s: s.row(SESSIONS, name_of(openid)))
    assert "还没写完的话" in row.name
    again.click(row)
    again.until("the draft", lambda s: (reply := s.reply()) and reply.value == "还没写完的话")


def test_the_key_for_quitting(inside: Desk) -> None:
    accept_only(inside)
    inside.window.press("ctrl+q")
    assert inside.window.end() == 0


def test_a_silent_server_does_not_hold_the_window(server: Server, open_beside: Beside) -> None:
    desk = open_beside(server)
    accept_only(desk)
    server.process.send_signal(signal.SIGSTOP)
    try:
        desk.window.write("这条不会有回音")
        desk.window.press("Return")
        desk.window.until("a message under way", lambda s: s.saying("发件箱 1"))
        assert desk.window.close() == 0
    finally:
        server.process.send_signal(signal.SIGCONT)


@pytest.fixture
def program(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The command itself, with nothing of the tests in its process."""
    started = subprocess.Popen(
        [sys.executable, "-m", "kefu_desk", "demo", "--scenario", "day"],
        env=environment(tmp_path),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    yield started
    if started.poll() is None:
        started.kill()
        started.wait()
    assert started.stdout is not None
    started.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(program: "subprocess.Popen[bytes]", tmp_path: Path, number: signal.Signals) -> None:
    shown = [
        "xdotool",
        "search",
        "--sync",
        "--onlyvisible",
        "--all",
        "--pid",
        str(program.pid),
        "--name",
        "SIMULATOR",
    ]
    subprocess.run(shown, env=environment(tmp_path), stdout=subprocess.DEVNULL, timeout=PATIENCE, check=True)
    program.send_signal(number)
    assert program.wait(PATIENCE) == 0
    assert program.stdout is not None
    assert program.stdout.read() == b""
    assert not group_lives(program.pid)
