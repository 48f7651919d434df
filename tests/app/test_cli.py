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
    fed,
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
        (["simulate", "--scenario", "night.toml"], "night.toml"),
        (["watch", "--simulator", "night.toml"], "night.toml"),
        (["demo", "--scenario", "night.toml"], "night.toml"),
        (["records", "--from", "2026-11-01", "--out", "x"], "--to"),
        (["records", "--from", "soon", "--to", "2026-11-01", "--out", "x", *DAY], "--from"),
        (["records", "--from", "2026-11-02", "--to", "2026-11-01", "--out", "x", *DAY], "--from"),
        (["records", "--from", "2026-11-01", "--to", "2026-11-01", "--out", "/", *DAY], "--out"),
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
    ("words", "ends", "kind", "number"),
    [
        (["call", "session_of", "openid=nobody", "--json", *DAY], 1, "customer", 40003),
        (["call", *DAY, "--json", "session_of", "nobody"], 1, "customer", 40003),
        (["call", "session_of", *DAY, "nobody", "--json"], 1, "customer", 40003),
        (["call", "agent_accounts", "--profile", "nobody", "--json"], 5, "storage", None),
        (["watch", "--profile", "nobody"], 5, "storage", None),
        (["watch", "--profile", "../../etc/passwd"], 5, "storage", None),
    ],
)
def test_a_refusal_is_one_line_of_json_with_the_exit_code(
    main: Main, words: list[str], ends: int, kind: str, number: int | None
) -> None:
    code, out, err = main(*words)
    assert (code, out) == (ends, "")
    (line,) = err.splitlines()
    told = json.loads(line)
    assert (told["error"], told["code"], told["exit"]) == (kind, number, ends)


def test_a_refusal_is_told_in_words_to_people(main: Main) -> None:
    code, out, err = main("call", "session_of", "nobody", *DAY)
    assert (code, out) == (1, "")
    assert err.startswith("refused (40003): ")
    assert "failure." not in err
    assert "rid=" in err.splitlines()[1]


def test_a_wrong_argument_is_named_to_programs(main: Main) -> None:
    code, out, err = main("call", "records", "2026-11-22", "end=soon", "--json", *DAY)
    told = json.loads(err)
    assert (code, out, told["argument"], told["exit"]) == (2, "", "end", 2)


@pytest.mark.parametrize(
    ("switches", "method", "ends"),
    [
        ({"fault": "-1_after"}, ("add_agent", "kf2077@luye", "小钱"), 3),
        ({"fault": "reset_after"}, ("add_agent", "kf2077@luye", "小钱"), 3),
        ({"fault": "reset_before"}, ("agent_accounts",), 4),
        ({"reply": "html"}, ("agent_accounts",), 4),
        ({"quota": "45009"}, ("agent_accounts",), 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_the_exit_code_tells_what_may_have_happened(
    home: Path, served: Served, switches: dict[str, str], method: tuple[str, ...], ends: int
) -> None:
    profile(home, served)
    served.chaos(**switches, paths="/customservice/" if "add" in method[0] else "customservice")
    done = fed(home, served.secret, "call", *method, "--profile", "shop", "--json")
    assert (done.returncode, done.stdout) == (ends, "")
    assert json.loads(done.stderr)["exit"] == ends
    assert served.secret not in done.stderr


def test_nobody_there_is_no_connection(home: Path, served: Served) -> None:
    profile(home, served, base_url="http://127.0.0.1:1")
    assert fed(home, served.secret, "call", "agent_accounts", "--profile", "shop").returncode == 4


def test_an_empty_secret_is_asked_for(home: Path, served: Served) -> None:
    profile(home, served)
    done = fed(home, "", "call", "agent_accounts", "--profile", "shop")
    assert (done.returncode, done.stdout) == (2, "")
    assert "AppSecret" in done.stderr


def test_a_file_from_wechat_is_kept(main: Main, home: Path, served: Served, tmp_path: Path) -> None:
    profile(home, served)
    picture = tmp_path / "face.jpg"
    picture.write_bytes(bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"))
    shop = ("--profile", "shop", "--json")
    sent = fed(home, served.secret, "call", "upload_media", "image", str(picture), *shop)
    media_id = json.loads(sent.stdout)["id"]
    copy = tmp_path / "copy.jpg"
    done = fed(home, served.secret, "call", "download_media", media_id, "--save", str(copy), *shop)
    assert (done.returncode, done.stderr) == (0, "")
    assert copy.read_bytes() == picture.read_bytes()
    assert main("call", "agent_accounts", "--save", str(copy), *DAY)[0] == 2


def test_people_get_a_table_and_programs_one_json_value(main: Main) -> None:
    code, out, _ = main("call", "agent_accounts", *DAY)
    lines = out.splitlines()
    assert (code, len(lines)) == (0, 10)
    assert lines[0].split()[:2] == ["account", "nick"]
    code, out, _ = main("call", "agent_accounts", "--json", *DAY)
    assert (code, len(out.splitlines()), len(json.loads(out))) == (0, 1, 9)
    assert main("call", "set_remark", "nobody", "remark=x" * 20, *DAY)[0] == 2


def test_each_method_has_its_help(main: Main) -> None:
    code, out, err = main("call", "send", "msgmenu", "--help")
    assert (code, err) == (0, "")
    assert "id|content" in out
    assert "exit codes" in main("call", "--help")[1]
    assert main("call", "nonsense", "--help")[0] == 2


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
    ends = 5
    assert (code, out, told["error"], told["failure"]) == (ends, "", *expected[case])
    assert SECRET not in err


def test_a_profile_may_name_the_simulator_in_this_process(main: Main, home: Path, served: Served) -> None:
    profile(home, served, base_url="sim://quiet", title="试用")
    code, out, err = main("watch", "--profile", "shop", "--seconds", "0")
    assert (code, err) == (0, "")
    opened = facts(out)[0]
    assert (opened["fact"], opened["title"], opened["simulated"]) == ("DeskOpened", "试用", True)
    profile(home, served, base_url="sim://night")
    code, _, err = main("call", "agent_accounts", "--profile", "shop", "--json")
    assert (code, json.loads(err)["failure"]) == (5, "failure.profile.field")


def test_an_address_that_no_client_takes_is_refused_in_words(main: Main, home: Path, served: Served) -> None:
    profile(home, served, base_url="https://ho$t.example")
    code, out = _typed(home, SECRET, "call", "agent_accounts", "--profile", "shop", "--json")
    assert '"failure": "failure.profile.field"' in out
    assert (code, "Traceback" in out) == (5, False)


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
    code, out = _typed(home, WRONG, "--verbose", "call", "agent_accounts", "--profile", "shop", "--json")
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
        [*command("call", "session_of", "--json"), b"openid=\xff\xfe", *DAY],
        env=environment(tmp_path),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stderr)["code"] == 40003


def test_every_command_has_its_help() -> None:
    text = parser().format_help()
    for name in ("gui", "demo", "simulate", "watch", "call", "records"):
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
