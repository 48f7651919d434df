"""Clocks that can be moved forward, for tests and for stepping through a story."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable


@runtime_checkable
class MovableClock(Protocol):
    """Unix seconds that somebody may move forward."""

    def __call__(self) -> float:
        """Now."""

    def step(self, seconds: float) -> None:
        """Moves forward; a negative number raises ValueError."""


class SteppedClock:
    """Unix seconds under the caller's control."""

    def __init__(self, now: float) -> None:
        self._now = now

    def __call__(self) -> float:
        """Now."""
        return self._now

    def step(self, seconds: float) -> None:
        """Moves forward.

        Raises:
            ValueError: for a negative number.
        """
        if seconds < 0:
            raise ValueError("time does not go back")
        self._now += seconds


class AheadClock:
    """A clock that runs, and may be put ahead of the one it follows."""

    def __init__(self, followed: Callable[[], float]) -> None:
        self._followed = followed
        self._ahead = 0.0

    def __call__(self) -> float:
        """Now."""
        return self._followed() + self._ahead

    def step(self, seconds: float) -> None:
        """Moves forward.

        Raises:
            ValueError: for a negative number.
        """
        if seconds < 0:
            raise ValueError("time does not go back")
        self._ahead += seconds
