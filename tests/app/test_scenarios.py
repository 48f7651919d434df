"""Scenarios by name and by file, wherever one can be named."""

import json
import re
from pathlib import Path

import pytest

from kefu_desk.app.assets import resources
from kefu_desk.app.compose import to_simulation
from kefu_desk.app.options import parse
from kefu_desk.app.scenarios import begin, shipped
from kefu_desk.simulator.scenario import SCENARIOS
from tests.app.conftest import Main
from tests.app.program import Served

NOW = 1_790_000_000.0
OWN = """title = "自己的"
desk = "kf7"
[account]
name = "山茶书店"
wechat_id = "shancha"
[[agents]]
account = "kf7"
nick = "小茶"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "我的一天.toml"
    path.write_text(OWN, encoding="utf-8-sig")
    return path


def test_three_files_come_with_the_product() -> None:
    assert list(shipped()) == ["busy-day", "quiet-morning", "training-day"]
    assert not set(shipped()) & set(SCENARIOS)


@pytest.mark.parametrize("name", [*SCENARIOS, "busy-day", "quiet-morning", "training-day"])
def test_every_name_opens_a_world(name: str) -> None:
    opened = begin(name, seed=1, now=NOW)
    assert opened.agent in opened.world.agents
    assert parse(["simulate", "--scenario", name]).scenario == name
    connection, _ = to_simulation(f"sim://{name}", seed=1)
    assert connection.agent == opened.agent


def test_a_file_of_ones_own(own: Path) -> None:
    connection, simulation = to_simulation(f"sim://{own}", seed=1)
    assert (connection.title, connection.agent) == ("山茶书店", "kf7@shancha")
    assert simulation.world.account.name == "山茶书店"


def test_a_file_of_ones_own_is_served(tmp_path: Path, own: Path) -> None:
    with Served(tmp_path, "--scenario", str(own)) as served:
        assert served.agent == "kf7@shancha"
        assert re.fullmatch(r"[0-9a-f]{32}", served.secret)
        assert served.get("")["account"]["name"] == "山茶书店"


def test_a_file_of_ones_own_is_called(main: Main, own: Path) -> None:
    code, out, err = main("call", "agent_accounts", "--simulator", str(own), "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)[0]["nick"] == "小茶"


@pytest.mark.parametrize(
    "words", [("simulate", "--scenario"), ("demo", "--scenario"), ("call", "agent_accounts", "--simulator")]
)
def test_a_fault_in_a_file_is_told_on_the_command_line(main: Main, own: Path, words: tuple[str, ...]) -> None:
    own.write_text(OWN.replace("nick", "nik"), encoding="utf-8")
    code, out, err = main(*words, str(own))
    assert (code, out) == (2, "")
    assert f"{own.name}, line 6: agents 1.nick: is missing" in err


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), (b"title = '\xff'", "UTF-8"), (b"#" * 3_000_000, "too large")],
)
def test_what_is_no_scenario_file_is_refused(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=told):
        begin(str(path), seed=1, now=NOW)


def test_an_unknown_name_tells_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"day, quiet, busy, busy-day.*\.toml"):
        begin("night", seed=1, now=NOW)


def test_the_document_shows_a_scenario_that_works() -> None:
    page = (resources().parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(title.*?)```", page, re.DOTALL)
    assert examples
    for number, example in enumerate(examples):
        path = Path(f"example {number}")
        from kefu_desk.simulator.scenario import written

        assert written(path.name, example, seed=1, now=NOW).world.agents
