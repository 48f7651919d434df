"""`simulate` on a port and `watch` beside it: who may connect, how they end, and that they keep quiet."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kefu_desk.app.accounts import Accounts
from kefu_desk.app.paths import places
from kefu_desk.domain.ids import AgentId
from kefu_desk.profiles.files import save_profile
from kefu_desk.profiles.model import Profile
from kefu_desk.profiles.secrets import Backend, Secret
from tests.app.conftest import Main
from tests.app.program import APPID, PATIENCE, SECRET, Served, bytes_below, environment, facts, run, start


def test_the_simulator_listens_to_this_computer_only(served: Served) -> None:
    port = int(served.url.rpartition(":")[2])
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]


def test_what_it_prints_is_what_it_serves(served: Served) -> None:
    overview = served.get("")
    assert overview["account"]["appid"] == served.appid == APPID
    assert served.agent in {agent["kf_account"] for agent in overview["agents"]}
    assert served.ledger == f"{served.url}/__sim__/ledger"
    assert served.get("ledger") == {"ledger": []}


def test_one_seed_is_one_story(tmp_path: Path) -> None:
    def first(seed: str) -> list[tuple[str, str]]:
        with Served(tmp_path, "--scenario", "day", "--seed", seed) as one:
            overview = one.get("")
            assert one.stop()[1:] == ("", "")
        return [(waiting["openid"], "") for waiting in overview["waiting"][:4]]

    assert len(first("7")) == 4
    assert first("7") == first("7")
    assert first("7") != first("8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_simulator_ends_in_order(tmp_path: Path, number: int) -> None:
    with Served(tmp_path, "--scenario", "quiet") as one:
        assert one.stop(number) == (0, "", "")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_the_simulator_ends_even_before_it_serves(tmp_path: Path, name: str) -> None:
    early = f"""
import builtins, signal, sys
from kefu_desk.app import cli
say = print
def told(*words, **how):
    say(*words, **how)
    signal.raise_signal(signal.{name})
builtins.print = told
sys.exit(cli.main(["simulate", "--port", "0", "--scenario", "quiet"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", early],
        env=environment(tmp_path),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_port_in_use_is_told_in_one_line(main: Main, served: Served) -> None:
    port = served.url.rpartition(":")[2]
    code, out, err = main("simulate", "--port", port)
    assert (code, out) == (1, "")
    assert err.splitlines() == [f"cannot listen on 127.0.0.1:{port}: Address already in use"]


@pytest.mark.parametrize("host", ["no.such.host.invalid", "256.1.1.1", "a..b", "x" * 80, "店" * 70])
def test_an_address_that_is_none_is_told_in_one_line(main: Main, host: str) -> None:
    code, out, err = main("simulate", "--port", "0", "--host", host)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith(f"cannot listen on {host}:0: ")
    assert not err.endswith("None\n")


@pytest.mark.skipif(not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists(), reason="no IPv6 here")
def test_loopback_may_be_ipv6(tmp_path: Path) -> None:
    with Served(tmp_path, "--scenario", "quiet", "--host", "::1") as one:
        assert one.url.startswith("http://[::1]:")
        assert one.get("")["account"]["appid"] == APPID


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_watch_prints_facts_and_ends_in_order(tmp_path: Path, number: int) -> None:
    process = start(tmp_path, "--verbose", "watch", "--simulator", "quiet")
    assert process.stdout is not None
    lines = ""
    while '"RecordsObserved"' not in lines:
        line = process.stdout.readline()
        assert line, lines
        lines += line
    process.send_signal(number)
    rest, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    told = facts(lines + rest)
    opening = ["DeskOpened", "PolicySet", "DraftsLoaded", "OutboxRecovered"]
    assert [fact["fact"] for fact in told[:4]] == opening
    assert {"WaitingObserved", "SessionsObserved", "AccountsObserved"} <= {fact["fact"] for fact in told}
    assert SECRET not in lines + rest


def test_watch_ends_after_its_seconds_and_leaves_nothing(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    began = time.monotonic()
    done = run(tmp_path / "home", "watch", "--simulator", "day", "--seconds", "1", TMPDIR=str(temporary))
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - began >= 1
    (waiting, *_) = [fact for fact in facts(done.stdout) if fact["fact"] == "WaitingObserved"]
    assert waiting["waiting"]["count"] >= 1
    assert list(temporary.iterdir()) == []


@pytest.mark.keyring
def test_a_profile_with_its_secret_in_the_real_keyring(
    tmp_path: Path, served: Served, real_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    bus = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    agent = AgentId(served.agent)
    profile = Profile("shop", "鹿野生活馆", APPID, agent, base_url=served.url)
    monkeypatch.setenv("KEFU_DESK_HOME", str(home))
    save_profile(places().profiles, profile)
    real_backend.set_password("kefu-desk", "shop", SECRET)
    words = ("--profile", "shop")
    call = ("call", "agent_accounts", "--json")
    done = run(home, "--verbose", *call, *words, DBUS_SESSION_BUS_ADDRESS=bus)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)) == 9
    watched = run(home, "--verbose", "watch", *words, "--seconds", "1", DBUS_SESSION_BUS_ADDRESS=bus)
    assert (watched.returncode, watched.stderr) == (0, "")
    assert facts(watched.stdout)[0]["vault"] == "keyring"
    served.chaos(token="40125")
    refused = run(home, "--verbose", "watch", *words, "--seconds", "1", DBUS_SESSION_BUS_ADDRESS=bus)
    assert '"code":40125' in refused.stdout
    printed = f"{done.stdout}{watched.stdout}{refused.stdout}{refused.stderr}"
    written = printed.encode() + bytes_below(home)
    for secret in (SECRET, *tokens(served)):
        assert secret.encode() not in written
    real_backend.delete_password("kefu-desk", "shop")


def tokens(served: Served) -> list[str]:
    """Access tokens that the simulator has given out, asked for as any program of the account may."""
    import urllib.request

    served.chaos()
    body = {"grant_type": "client_credential", "appid": served.appid, "secret": served.secret}
    request = urllib.request.Request(f"{served.url}/cgi-bin/stable_token", json.dumps(body).encode())
    with urllib.request.urlopen(request) as answer:
        return [json.load(answer)["access_token"]]


async def test_accounts_keep_a_typed_secret_out_of_sight(home: Path) -> None:
    accounts = Accounts(places())
    save_profile(places().profiles, Profile("shop", "店", APPID, AgentId("a@b")))
    connection = await accounts.connection("shop", Secret(SECRET))
    assert SECRET not in repr(connection)
    assert connection.reveal() == SECRET
