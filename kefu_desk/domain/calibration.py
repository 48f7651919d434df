"""Whether WeChat's records show what this desk sends, and after how long: learned, never assumed."""

from enum import StrEnum

from msgspec import Struct

LEAST_CONFIRMED = 20
"""So many accepted sends without one record are enough to believe that records never show them."""

LEAST_HORIZON = 180.0
LONGEST_HORIZON = 600.0
"""A clock that was set or a computer that slept looks like a long lag; the agent is asked all the same."""

LOOKS = (3.0, 8.0, 15.0, 30.0, 60.0, 120.0, 180.0)
"""Seconds after a send of unknown outcome at which its record is looked for."""


class Visibility(StrEnum):
    """Whether records show sends made through the API (reliability 1.7)."""

    LEARNING = "learning"
    YES = "yes"
    NO = "no"


class Calibration(Struct, frozen=True):
    """What was learned from sends that WeChat accepted: how many, how many records showed, after how long.

    `lags` are seconds from acceptance to the first sight of the record, ascending. `busy` counts sends that
    WeChat answered with -1, and `busy_arrived` those of them that a record showed all the same.
    """

    confirmed: int = 0
    seen: int = 0
    lags: tuple[float, ...] = ()
    busy: int = 0
    busy_arrived: int = 0

    @property
    def visibility(self) -> Visibility:
        """What can be expected of the records."""
        if self.seen:
            return Visibility.YES
        return Visibility.NO if self.confirmed >= LEAST_CONFIRMED else Visibility.LEARNING

    @property
    def usual(self) -> float | None:
        """The median lag in seconds, or None before the first."""
        return self.lags[len(self.lags) // 2] if self.lags else None

    @property
    def horizon(self) -> float:
        """Seconds after which a send that no record shows is put to the agent."""
        if self.visibility is Visibility.NO:
            return 0.0
        slowest = self.lags[min(len(self.lags) - 1, int(len(self.lags) * 0.99))] if self.lags else 0.0
        return min(max(LEAST_HORIZON, 3 * slowest), LONGEST_HORIZON)
