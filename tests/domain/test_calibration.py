"""How long a send of unknown outcome is looked for."""

import pytest

from kefu_desk.domain.calibration import LEAST_HORIZON, LONGEST_HORIZON, Calibration, Visibility


@pytest.mark.parametrize(
    ("lags", "horizon"),
    [((), LEAST_HORIZON), ((2.0,), LEAST_HORIZON), ((2.0, 90.0), 270.0), ((2.0, 86_400.0), LONGEST_HORIZON)],
)
def test_the_horizon_follows_the_slowest_record_within_bounds(
    lags: tuple[float, ...], horizon: float
) -> None:
    assert Calibration(len(lags), len(lags), lags).horizon == horizon


@pytest.mark.parametrize(
    ("confirmed", "seen", "visibility"),
    [
        (0, 0, Visibility.LEARNING),
        (19, 0, Visibility.LEARNING),
        (20, 0, Visibility.NO),
        (20, 1, Visibility.YES),
    ],
)
def test_twenty_sends_without_a_record_are_enough(confirmed: int, seen: int, visibility: Visibility) -> None:
    assert Calibration(confirmed, seen).visibility is visibility


def test_where_records_never_show_sends_nobody_waits() -> None:
    assert Calibration(20, 0).horizon == 0
    assert Calibration(20, 0).usual is None
