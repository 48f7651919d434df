"""The command line: what it refuses and how, one line each, and what it never says."""

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from kefu_desk import __version__
from kefu_desk.app.cli import Teller
from kefu_desk.app.options import SCENARIO_NAMES, parser
from kefu_desk.domain.ids import AgentId
from kefu_desk.profiles.files import save_profile
from kefu_desk.profiles.model import Profile
from kefu_desk.simulator.scenario import SCENARIOS
from tests.app.conftest import Main
from tests.app.program import (
    APPID,
    PATIENCE,
    SECRET,
    WRONG,
    Served,
    bytes_below,
    command,
    environment,
    facts,
    run,
    start,
)

DAY = ("--simulator", "day")


def profile(home: Path, served: Served, **changes: str) -> None:
    values = {"base_url": served.url, "title": "鹿野生活馆", **changes}
    save_profile(
        home / "config" / "profiles", Profile("shop", appid=APPID, agent=AgentId(served.agent), **values)
    )  # type: ignore[arg-type]


def test_the_scenarios_are_those_of_the_simulator() -> None:
    assert set(SCENARIO_NAMES) == set(SCENARIOS)


def test_the_version_is_told(main: Main) -> None:
    assert main("--version") == (0, f"kefu-desk {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nonsense"], "nonsense"),
        (["simulate", "--port", "65536"], "port"),
        (["simulate", "--port", "-1"], "port"),
        (["simulate", "--port", "²"], "port"),
        (["simulate", "--scenario", "night"], "night"),
        (["watch", "--seconds", "nan", *DAY], "seconds"),
        (["watch", "--seconds", "-1", *DAY], "seconds"),
        (["watch", "--seconds", "soon", *DAY], "seconds"),
        (["watch", "stray", *DAY], "stray"),
        (["watch"], "--profile"),
        (["call", "agent_accounts"], "--profile"),
        (["call", "agent_accounts", "--profile", "a", *DAY], "--profile"),
        (["call", "agent_accounts", "--nonsense", *DAY], "--nonsense"),
        (["call", "nonsense", *DAY], "nonsense"),
        (["call", "records_page", "--simulator", "day"], "start, end"),
        (["call", "records_page", "a", "2", *DAY], "start"),
        (["call", "records_page", "1", "²", *DAY], "end"),
        (["call", "records_page", "1", "9" * 5000, *DAY], "end"),
        (["call", "records_page", "1", "2", f"cursor={2**63}", *DAY], "cursor"),
        (["call", "records_page", "1", "2", "number=0", *DAY], "number"),
        (["call", "records_page", "2", "1", *DAY], "start"),
        (["call", "records_page", "1", "end=2", "end=3", *DAY], "end"),
        (["call", "agent_accounts", "more", *DAY], "more"),
        (["call", "set_typing", "openid=x", "typing=perhaps", *DAY], "typing"),
        (["call", "set_avatar", "agent=a@b", "jpeg=/nowhere/at/all", *DAY], "jpeg"),
        (["call", "set_avatar", "agent=a@b", "jpeg=/", *DAY], "jpeg"),
        (["call", "set_avatar", "agent=a@b", "jpeg=\0", *DAY], "jpeg"),
    ],
)
def test_a_wrong_command_line_is_named_and_ends_with_2(main: Main, words: list[str], told: str) -> None:
    code, out, err = main(*words)
    assert (code, out) == (2, "")
    assert told in err.splitlines()[-1]
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "kind", "number"),
    [
        (["call", "session_of", "openid=nobody", *DAY], "customer", 40003),
        (["call", *DAY, "session_of", "nobody"], "customer", 40003),
        (["call", "session_of", *DAY, "nobody"], "customer", 40003),
        (["call", "agent_accounts", "--profile", "nobody"], "storage", None),
        (["watch", "--profile", "nobody"], "storage", None),
        (["watch", "--profile", "../../etc/passwd"], "storage", None),
    ],
)
def test_a_refusal_is_one_line_of_json_and_ends_with_1(
    main: Main, words: list[str], kind: str, number: int | None
) -> None:
    code, out, err = main(*words)
    assert (code, out) == (1, "")
    (line,) = err.splitlines()
    told = json.loads(line)
    assert (told["error"], told["code"]) == (kind, number)


@pytest.mark.parametrize("case", ["missing secret", "damaged profile", "damaged folder"])
def test_what_is_missing_or_damaged_is_named(main: Main, home: Path, served: Served, case: str) -> None:
    profile(home, served)
    if case == "damaged profile":
        (home / "config" / "profiles" / "shop.toml").write_text(f'secret = "{SECRET}', encoding="utf-8")
    if case == "damaged folder":
        profile(home, served, base_url="sim://quiet")
        (home / "data" / "profiles").mkdir(parents=True)
        (home / "data" / "profiles" / "shop").write_text("a file")
    code, out, err = main("watch", "--profile", "shop", "--seconds", "1")
    told = json.loads(err)
    expected = {
        "missing secret": ("credentials", "failure.secret.missing"),
        "damaged profile": ("storage", "failure.profile.damaged"),
        "damaged folder": ("storage", told["failure"]),
    }
    assert (code, out, told["error"], told["failure"]) == (1, "", *expected[case])
    assert SECRET not in err


def test_a_profile_may_name_the_simulator_in_this_process(main: Main, home: Path, served: Served) -> None:
    profile(home, served, base_url="sim://quiet", title="试用")
    code, out, err = main("watch", "--profile", "shop", "--seconds", "0")
    assert (code, err) == (0, "")
    opened = facts(out)[0]
    assert (opened["fact"], opened["title"], opened["simulated"]) == ("DeskOpened", "试用", True)
    profile(home, served, base_url="sim://night")
    code, _, err = main("call", "agent_accounts", "--profile", "shop")
    assert (code, json.loads(err)["failure"]) == (1, "failure.profile.field")


def test_an_address_that_no_client_takes_is_refused_in_words(main: Main, home: Path, served: Served) -> None:
    profile(home, served, base_url="https://ho$t.example")
    fed = _typed(home, SECRET, "call", "agent_accounts", "--profile", "shop")
    assert '"failure": "failure.profile.field"' in fed[1]
    assert (fed[0], "Traceback" in fed[1]) == (1, False)


def _typed(home: Path, secret: str, *words: str) -> tuple[int, str]:
    """Runs the command at a terminal where somebody types a secret; its exit code and all it printed."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(*words),
        env=environment(home),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        printed = b""
        while not printed.endswith(b"AppSecret: "):  # what is typed before the question is thrown away
            letter = process.stdout.read(1)
            assert letter, printed
            printed += letter
        os.write(ours, f"{secret}\n".encode())
        printed += process.stdout.read()
    os.close(ours)
    os.close(theirs)
    return process.returncode, printed.decode()


def test_a_secret_is_asked_for_at_a_terminal_and_shows_nowhere(home: Path, served: Served) -> None:
    profile(home, served)
    code, out = _typed(home, SECRET, "--verbose", "call", "agent_accounts", "--profile", "shop")
    assert code == 0
    assert "kf2001@luye" in out
    assert "AppSecret:" in out
    assert SECRET not in out
    code, out = _typed(home, WRONG, "--verbose", "call", "agent_accounts", "--profile", "shop")
    assert (code, '"code": 40125' in out, WRONG in out) == (1, True, False)
    assert SECRET.encode() not in bytes_below(home)
    assert WRONG.encode() not in bytes_below(home)


@pytest.mark.parametrize(
    "words",
    [
        ["call"],
        ["call", "agent_accounts", *DAY],
        ["watch", "--seconds", "30", *DAY],
        ["simulate", "--port", "0"],
        ["--version"],
        ["call", "--help"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_reader_that_has_read_enough_ends_it_quietly(tmp_path: Path, words: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)  # nobody reads, as after `| head` has ended
    with subprocess.Popen(
        command(*words), env=environment(tmp_path), stdout=write, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        os.close(write)
        assert process.communicate(timeout=PATIENCE)[1] == ""
        assert process.returncode == 0


def test_output_is_utf8_whatever_the_terminal_is_set_to(tmp_path: Path) -> None:
    done = run(tmp_path, "call", "agent_accounts", *DAY, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "冯蕾" in done.stdout


def test_words_that_are_no_text_are_refused_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [*command("call", "session_of"), b"openid=\xff\xfe", *DAY],
        env=environment(tmp_path),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stderr)["code"] == 40003


def test_every_command_has_its_help() -> None:
    text = parser().format_help()
    for name in ("gui", "demo", "simulate", "watch", "call"):
        assert name in text


def test_a_process_is_not_left_behind_when_interrupted(tmp_path: Path) -> None:
    process = start(tmp_path, "watch", "--simulator", "quiet")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["fact"] == "DeskOpened"
    process.terminate()
    rest, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert facts(rest)


def test_the_window_goes_on_when_nobody_reads_what_it_tells() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as stream:
        teller = Teller(stream)
        print("1 waiting", file=teller, flush=True)
        print("2 accepted" * 10_000, file=teller, flush=True)


def test_the_window_tells_what_is_read(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        print("1 等待", file=Teller(stream), flush=True)
        assert (tmp_path / "out").read_text(encoding="utf-8") == "1 等待\n"
