"""Whatever somebody writes into a scenario file is either played or refused in words."""

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.simulator.entry import ScenarioError
from kefu_desk.simulator.scenario import written

START = 1_790_000_000.0
FILES = sorted((Path(__file__).parents[2] / "resources" / "scenarios").glob("*.toml"))
TREES = [tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES]

WORDS = st.sampled_from(
    [
        "",
        "0s",
        "-5m",
        "90s",
        "1h30m",
        "30s-90s",
        "90s-30s",
        "-1h - -1s",
        "kf2001",
        "calm",
        "[image]",
        "[x]",
        "slow",
        "你好",
    ]
)
VALUES = st.recursive(
    st.one_of(WORDS, st.text(max_size=9), st.integers(-2, 6000), st.booleans(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container with every key or index in it."""
    found: list[tuple[Any, Any]] = []
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        found.append((value, key))
        found += places(value[key])
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_spoilt_file_is_played_or_refused(data: st.DataObject) -> None:
    tree = copy.deepcopy(data.draw(st.sampled_from(TREES)))
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(tree)))
        if data.draw(st.booleans()):
            container[key] = data.draw(VALUES)
        else:
            del container[key]
    try:
        text = tomli_w.dumps(tree)
    except (TypeError, ValueError):
        return
    try:
        world = written("spoilt.toml", text, seed=1, now=START).world
    except ScenarioError as error:
        assert str(error).startswith("spoilt.toml")  # noqa: PT017  it may as well be played
        return
    for minute in range(0, 60, 5):
        world.advance(START + minute * 60)
        first = next(iter(world.waiting), None)
        if first is not None:
            world.open_session(first.openid, next(iter(world.agents)))


@given(text=st.text())
def test_any_text_is_refused_or_read(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"^any\.toml"):
        written("any.toml", text, seed=1, now=START)
