"""Forty fixed seeds and sixty of this commit: nothing lost, nothing twice, nobody answered by mistake."""

import itertools

import pytest

from tests.simulation.run import Worker, told
from tests.simulation.seeds import FIXED, FRESH, fresh, revision

SECONDS = 600.0
"""Virtual seconds of bad weather for each seed; the fair weather after it comes on top."""


@pytest.mark.timeout(900)
def test_the_promises_hold_in_all_weathers(capsys: pytest.CaptureFixture[str]) -> None:
    commit = revision()
    seeds = (*FIXED, *fresh(commit))
    with capsys.disabled():
        print(f"\nsimulation: {len(FIXED)} fixed seeds, {FRESH} of {commit}, the first {seeds[len(FIXED)]}")
    with Worker(seeds[::2], SECONDS) as one, Worker(seeds[1::2], SECONDS) as two:
        results = list(itertools.chain(one.results(), two.results()))
    assert [r["seed"] for r in results] == [*seeds[::2], *seeds[1::2]]
    broken = [told(r) for r in results if r["broken"]]
    assert not broken, f"{len(broken)} of {len(results)} seeds broke a promise, the first:\n{broken[0]}"
    for kind, least in (("crashes", 300), ("power cuts", 50), ("delivered", 2000)):
        assert sum(r["counts"].get(kind, 0) for r in results) > least, kind
