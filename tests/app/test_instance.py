"""One program a profile: real processes, one of them killed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kefu_desk.app.instance import LOCK, Instance, knock
from kefu_desk.domain.failure import DeskError
from tests.app.program import APPID, PATIENCE, run, start

PROFILE = """title = "鹿野生活馆"
appid = "{appid}"
agent = "kf2001@luye"
base_url = "sim://quiet"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "config" / "profiles"
    folder.mkdir(parents=True)
    (folder / "shop.toml").write_text(PROFILE.format(appid=APPID), encoding="utf-8")
    return tmp_path


def folder_of(home: Path) -> Path:
    return home / "data" / "profiles" / "shop"


def wait_for_door(home: Path, program: "subprocess.Popen[str]") -> str:
    lock = folder_of(home) / LOCK
    for _ in range(PATIENCE * 20):
        if lock.exists() and lock.read_text().endswith("\n"):
            return lock.read_text()
        assert program.poll() is None, program.communicate()
        time.sleep(0.05)
    raise AssertionError("no door was opened")


def ended(program: "subprocess.Popen[str]", number: int) -> int:
    program.send_signal(number)
    program.communicate(timeout=PATIENCE)
    return program.returncode


def test_f_s17_a_second_window_shows_the_first_and_ends(home: Path) -> None:
    first = start(home, "gui", "--profile", "shop")
    try:
        wait_for_door(home, first)
        second = run(home, "gui", "--profile", "shop")
        assert (second.returncode, second.stderr) == (0, "")
        assert first.poll() is None
    finally:
        assert ended(first, signal.SIGTERM) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_f_s17_a_killed_program_holds_nothing(home: Path) -> None:
    for number in (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM):
        program = start(home, "gui", "--profile", "shop")
        wait_for_door(home, program)
        assert ended(program, number) == (0 if number is signal.SIGTERM else -number)
        with Instance(folder_of(home)):  # at once, without waiting for anything stale
            pass


def test_f_s17_without_a_window_it_is_refused(home: Path) -> None:
    first = start(home, "gui", "--profile", "shop")
    try:
        wait_for_door(home, first)
        second = run(home, "watch", "--profile", "shop", "--seconds", "1")
        assert second.returncode not in (0, 70)
        assert "failure.instance.held" in second.stderr
    finally:
        ended(first, signal.SIGTERM)


async def test_the_door_opens_for_the_word_only(tmp_path: Path) -> None:
    shown: list[bool] = []
    with Instance(tmp_path) as instance:
        await instance.listen(lambda: shown.append(True))
        port, word = (tmp_path / LOCK).read_text().split()
        for wrong in (b"x" * 500, b"wrong\n", b"\n", word[:-1].encode() + b"\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
            writer.write(wrong)
            assert await reader.read() == b""
            writer.close()
        assert shown == []
        assert await asyncio.to_thread(knock, tmp_path)
        assert shown == [True]
        if os.name == "posix":
            assert (tmp_path / LOCK).stat().st_mode & 0o077 == 0
        with pytest.raises(DeskError) as caught:
            Instance(tmp_path)
        assert caught.value.failure.text.key == "failure.instance.held"
    assert (tmp_path / LOCK).read_bytes() == b""
    assert not knock(tmp_path, 0)


def test_a_program_that_does_not_answer_is_no_hindrance(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        (tmp_path / LOCK).write_text(f"{deaf.getsockname()[1]} word\n")
        assert not knock(tmp_path, 0.1)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeskError) as caught:
        Instance(tmp_path / "file")
    assert caught.value.failure.text.key == "failure.storage.folder"
