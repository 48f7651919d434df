"""A clock that moves only when told, for tests and for stepping through a story."""


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
