"""How much may be repeated: retries must not turn a server's bad hour into twice the load."""

RESERVE = 10.0
"""Retries that a client may make before it has made any calls."""

SHARE = 0.1
"""What each call adds: in the long run one retry for ten calls."""


class RetryBudget:
    """Retries that are left to all calls of a client together; when there are none, calls fail at once."""

    def __init__(self) -> None:
        self._left = RESERVE

    def earn(self) -> None:
        """Counts one call."""
        self._left = min(RESERVE, self._left + SHARE)

    def spend(self) -> bool:
        """Takes one retry, or says that none is left."""
        if self._left < 1:
            return False
        self._left -= 1
        return True
