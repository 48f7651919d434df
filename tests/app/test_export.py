"""`kefu-desk records`: a whole period in a file, whatever interrupts it, never over another file."""

import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from kefu_desk.app.arguments import SHANGHAI, shown_moment
from kefu_desk.app.export import Export, State, export
from kefu_desk.domain.ids import AgentId
from kefu_desk.profiles.files import save_profile
from kefu_desk.profiles.model import Profile
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.records import PAGE
from tests.app.program import PATIENCE, Served, command, environment, fed, start

DAYS = 6
LINES = 9
RECORDS = "/customservice/msgrecord/getmsglist"

HEAD = """
title = "archive"
[account]
name = "鹿野生活馆"
wechat_id = "luye"
[[agents]]
account = "kf2001"
nick = "小陈"
[[customers]]
name = "林姐"
arrives = "5h"
opening = "你好"
"""


def scenario() -> str:
    """One customer who wrote on each of the last days; half a day off, so that none of it is today."""
    told = json.dumps(["客户：你好\u2028，在吗"] * LINES)
    past = '[[customers.history]]\nago = "{day}d12h"\nagent = "kf2001"\nlines = {told}\n'
    return HEAD + "".join(past.format(day=day, told=told) for day in range(1, DAYS + 1))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("archive")
    (home / "archive.toml").write_text(scenario(), encoding="utf-8")
    with Served(home, "--scenario", str(home / "archive.toml")) as served:
        yield served


@pytest.fixture
def shop(town: Served, home: Path) -> Served:
    town.chaos()
    for name, appid in (("shop", town.appid), ("other", "wx0000000000000000")):
        save_profile(
            home / "config" / "profiles",
            Profile(name, title="鹿野", appid=appid, agent=AgentId(town.agent), base_url=town.url),
        )
    return town


def day(ago: int) -> str:
    return (datetime.now(SHANGHAI) - timedelta(days=ago)).date().isoformat()


def words(out: Path, *, since: int = DAYS + 1, until: int = 1, profile: str = "shop") -> tuple[str, ...]:
    period = ("--from", day(since), "--to", day(until))
    return ("records", *period, "--out", str(out), "--profile", profile)


def asked(town: Served) -> int:
    return sum(call["path"] == RECORDS for call in town.get("calls")["calls"])


def rows(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.read_bytes().split(b"\n")[:-1]]


def test_a_period_is_written_day_by_day(shop: Served, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "all.jsonl"
    done = fed(home, shop.secret, *words(out))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{DAYS * LINES} records of {DAYS + 1} days in {out}\n"
    told = [line.split("  ") for line in done.stderr.splitlines()]
    assert [line[0] for line in told] == [day(ago) for ago in range(DAYS + 1, 0, -1)]
    assert sum(int(line[1].split()[0]) for line in told) == DAYS * LINES
    found = rows(out)
    assert len(found) == DAYS * LINES
    assert set(found[0]) == {"openid", "opercode", "text", "time", "worker"}
    assert found[0]["text"] == "你好\u2028，在吗"
    assert [row["time"] for row in found] == sorted(row["time"] for row in found)  # type: ignore[type-var]


def test_the_second_time_nothing_is_asked_again(shop: Served, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    fed(home, shop.secret, *words(out))
    before, written = asked(shop), out.read_bytes()
    done = fed(home, shop.secret, *words(out), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    counts = json.loads(done.stdout)
    assert (counts["records"], counts["already_there"], counts["final"]) == (DAYS * LINES, DAYS * LINES, True)
    assert (asked(shop), out.read_bytes()) == (before, written)


@pytest.mark.parametrize("after", range(0, DAYS, 2))
def test_a_killed_export_goes_on_without_duplicates_or_holes(
    shop: Served, home: Path, tmp_path: Path, after: int
) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    fed(home, shop.secret, *words(whole))
    shop.chaos(reply="slow:0.15", paths=RECORDS)
    with subprocess.Popen(
        command(*words(out), "--secret-stdin"),
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(f"{shop.secret}\n")
        process.stdin.close()
        for _ in range(after + 1):
            assert process.stderr.readline()
        process.send_signal(signal.SIGKILL)
        assert process.wait(PATIENCE) == -signal.SIGKILL
    shop.chaos()
    assert (
        not json.loads(Path(f"{out}.state").read_bytes())["done"]
        >= json.loads(Path(f"{whole}.state").read_bytes())["end"]
    )
    with out.open("ab") as file:
        file.write(b'{"openid":"oLuye')  # what a kill within a line leaves
    before = asked(shop)
    done = fed(home, shop.secret, *words(out))
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == whole.read_bytes()
    assert asked(shop) - before < DAYS + 1


def test_a_refusal_on_the_way_keeps_the_days_before(shop: Served, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    shop.chaos(quota="45009", paths=RECORDS, times=1)
    done = fed(home, shop.secret, *words(out))
    assert (done.returncode, done.stdout) == (1, "")
    assert "run it again to go on" in done.stderr
    shop.chaos()
    assert fed(home, shop.secret, *words(out)).returncode == 0
    assert len(rows(out)) == DAYS * LINES


def test_a_day_that_is_not_over_is_read_again(shop: Served, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    done = fed(home, shop.secret, *words(out, since=2, until=0))
    assert "not over" in done.stdout
    first = rows(out)
    before = asked(shop)
    done = fed(home, shop.secret, *words(out, since=2, until=0))
    assert done.returncode == 0
    assert rows(out) == first
    assert asked(shop) - before == 1


@pytest.mark.parametrize("case", ["period", "account", "stranger", "changed", "shorter", "state"])
def test_the_file_of_something_else_is_left_alone(
    shop: Served, home: Path, tmp_path: Path, case: str
) -> None:
    out = tmp_path / "all.jsonl"
    state = Path(f"{out}.state")
    if case == "stranger":
        out.write_text("mine\n", encoding="utf-8")
    else:
        fed(home, shop.secret, *words(out, since=3))
    if case == "changed":
        out.write_bytes(out.read_bytes().replace(b"kf2001", b"kf2002"))
    if case == "shorter":
        out.write_bytes(out.read_bytes()[:-5])
    if case == "state":
        state.write_bytes(b"{")
    before = out.read_bytes()
    since, who = (4 if case == "period" else 3), ("other" if case == "account" else "shop")
    done = fed(home, shop.secret, *words(out, since=since, profile=who), "--json")
    told = json.loads(done.stderr)
    assert (done.returncode, done.stdout, told["argument"]) == (2, "", "--out")
    assert out.read_bytes() == before


def test_two_exports_do_not_write_one_file(shop: Served, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    shop.chaos(reply="slow:0.4", paths=RECORDS)
    with subprocess.Popen(
        command(*words(out), "--secret-stdin"),
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(f"{shop.secret}\n")
        process.stdin.close()
        assert process.stderr.readline()
        second = fed(home, shop.secret, *words(out))
        assert (second.returncode, second.stdout) == (2, "")
        assert "another export" in second.stderr
        assert process.wait(PATIENCE) == 0
    assert len(rows(out)) == DAYS * LINES


def test_a_place_that_cannot_be_written_is_told(shop: Served, home: Path) -> None:
    done = fed(home, shop.secret, *words(Path("/dev/full/all.jsonl")), "--json")
    assert (done.returncode, done.stdout) == (5, "")
    assert json.loads(done.stderr)["error"] == "storage"


def test_a_terminal_sees_a_bar_and_an_interrupt_keeps_what_is_there(
    shop: Served, home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "all.jsonl"
    shop.chaos(reply="slow:0.2", paths=RECORDS)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(*words(out), "--secret-stdin"),
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=theirs,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        os.close(theirs)
        assert process.stdin is not None
        process.stdin.write(f"{shop.secret}\n")
        process.stdin.close()
        seen = b""
        while f" 3/{DAYS + 1} ".encode() not in seen:
            seen += os.read(ours, 1000)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    os.close(ours)
    assert "\r█" in seen.decode(errors="replace")
    shop.chaos()
    fed(home, shop.secret, *words(out))
    assert len(rows(out)) == DAYS * LINES


def test_the_simulator_in_this_process_has_records_too(tmp_path: Path, home: Path) -> None:
    out = tmp_path / "day.jsonl"
    with start(
        home, "records", "--from", day(1), "--to", day(0), "--out", str(out), "--simulator", "day"
    ) as done:
        told, _ = done.communicate(timeout=PATIENCE)
    assert done.returncode == 0
    assert told.startswith(f"{len(rows(out))} records of 2 days")
    assert len(rows(out)) > 50


def test_a_state_is_complete_at_its_last_second() -> None:
    assert State("wx", 0, 10, done=10).complete
    assert not State("wx", 0, 10, done=9).complete


@pytest.mark.logs_warnings
async def test_a_day_that_wechat_breaks_off_is_told_and_read_again(tmp_path: Path) -> None:
    record = {"openid": "o1", "opercode": 2003, "text": "a", "time": 1_790_000_000, "worker": "kf@x"}
    page = json.dumps({"recordlist": [record] * PAGE, "number": PAGE, "msgid": 9}).encode()

    def answer(request: httpx.Request) -> httpx.Response:
        token = b'{"access_token":"abcdefgh","expires_in":7200}'
        return httpx.Response(200, content=page if request.url.path == RECORDS else token)

    async with WeChatClient(appid="wx", secret=lambda: "s", transport=httpx.MockTransport(answer)) as client:
        target = Export(tmp_path / "all.jsonl", "wx", 1_790_000_000, 1_790_000_001)
        counts = await export(client, target, lambda: 1_800_000_000.0, quiet=True)
    assert counts["broken_off"] == [shown_moment(1_790_000_000)[:10]]
    assert (counts["final"], target.state.records) == (False, 0)
