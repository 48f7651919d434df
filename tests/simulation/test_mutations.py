"""What the simulation is worth: each of five well-known mistakes turns it red within twenty seeds."""

import pytest

from tests.simulation.mutations import MUTATIONS
from tests.simulation.run import Worker
from tests.simulation.seeds import FIXED
from tests.simulation.test_seeds import SECONDS

FOUND_BY = {
    "blind -1 retry": {"I2"},
    "restart re-queues": {"I2"},
    "no claimant rule": {"I3", "I6"},
    "NORMAL sync": {"I1", "I2", "I5"},
    "no seam re-query": {"I3", "I9"},
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_mistake_is_found(name: str) -> None:
    with Worker(FIXED[:20], SECONDS, "--mutation", name, "--first") as worker:
        results = list(worker.results())
    broken = results[-1]["broken"]
    assert broken, f"{name}: {len(results)} seeds noticed nothing"
    assert broken.partition(":")[0] in FOUND_BY[name], broken
