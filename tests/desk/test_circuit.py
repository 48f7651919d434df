"""What a failure means for its path: back-off, bars, stops and the circuit breaker."""

import pytest

from kefu_desk.desk.circuit import EVERYWHERE, PATIENCE, UNREACHED, Circuit, Verdict
from kefu_desk.domain.failure import Category, Failure
from kefu_desk.domain.text import text
from tests.desk.virtual_time import EPOCH

HALF = 0.5
TO_MIDNIGHT = 12 * 3600
"""The tests begin at noon in China."""


def failed(category: Category, subject: str = "") -> Failure:
    return Failure(category, text("failure.busy"), subject=subject)


def verdicts(category: Category, count: int, roll: float = HALF, subject: str = "") -> list[Verdict]:
    circuit = Circuit()
    return [circuit.failed(failed(category, subject), EPOCH, roll) for _ in range(count)]


@pytest.mark.parametrize("category", sorted(UNREACHED))
def test_what_no_server_saw_is_tried_from_one_to_sixty_seconds_with_full_jitter(category: Category) -> None:
    made = verdicts(category, 9)
    assert [v.pause for v in made] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert not any(v.stopped or v.barred for v in made)
    assert all(v.pause == 0 for v in verdicts(category, 9, roll=0.0))


@pytest.mark.parametrize("category", [Category.BUSY, Category.BAD_REPLY, Category.TOKEN])
def test_five_failures_in_a_row_open_the_circuit_and_each_probe_doubles_it(category: Category) -> None:
    made = verdicts(category, 12)
    assert [v.pause for v in made] == [0.5, 1, 2, 4, 30, 60, 120, 240, 480, 600, 600, 600]
    assert [v.stopped for v in made] == [False] * 4 + [True] * 8


def test_one_success_closes_the_circuit() -> None:
    circuit = Circuit()
    for _ in range(7):
        circuit.failed(failed(Category.BUSY), EPOCH, HALF)
    circuit.succeeded()
    assert circuit.failed(failed(Category.BUSY), EPOCH, HALF) == Verdict(0.5)


@pytest.mark.parametrize("category", sorted(PATIENCE))
def test_what_only_a_person_can_mend_is_left_alone(category: Category) -> None:
    (verdict,) = verdicts(category, 1)
    assert verdict == Verdict(PATIENCE[category], stopped=True, everywhere=category in EVERYWHERE)


@pytest.mark.parametrize(("roll", "pause"), [(0.0, 60.0), (0.5, 70.0), (0.999, 79.98)])
def test_a_minute_limit_bars_the_path_to_the_next_minute_and_a_little_more(roll: float, pause: float) -> None:
    (verdict,) = verdicts(Category.RATE, 1, roll)
    assert (verdict.pause, verdict.barred) == (pytest.approx(pause), True)
    later = Circuit().failed(failed(Category.RATE), EPOCH + 45, roll)
    assert later.pause == pytest.approx(pause - 45)


@pytest.mark.parametrize(("roll", "late"), [(0.0, 0), (0.5, 150), (0.999, 299.7)])
def test_a_daily_limit_bars_the_path_until_after_midnight_in_china(roll: float, late: float) -> None:
    (verdict,) = verdicts(Category.QUOTA, 1, roll)
    assert (verdict.pause, verdict.barred) == (pytest.approx(TO_MIDNIGHT + late), True)


@pytest.mark.parametrize("status", ["403", "404", "429", "451"])
def test_a_path_that_is_turned_away_three_times_is_stopped(status: str) -> None:
    made = verdicts(Category.BAD_REPLY, 4, subject=status)
    assert [v.stopped for v in made] == [False, False, True, True]
    assert [v.pause for v in made] == [0.5, 1, 600, 600]
