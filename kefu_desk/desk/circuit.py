"""How long to leave a path alone after a failure: back-off, bars, circuit breaker (reliability 4.4)."""

from msgspec import Struct

from kefu_desk.domain.failure import Category, Failure
from kefu_desk.domain.quota import midnight_after

LONGEST_BACKOFF = 60.0
OPENS_AFTER = 5
"""Failures in a row."""
OPEN_SECONDS = 30.0
LONGEST_OPEN = 600.0
PROBE_SECONDS = 600.0
"""Between two looks at a path that WeChat does not give us, or that something else answers."""

PATIENCE = {
    Category.IP_REFUSED: 300.0,
    Category.CREDENTIALS: 300.0,
    Category.RISK: 300.0,
    Category.FORBIDDEN: PROBE_SECONDS,
}
"""Seconds to leave WeChat alone after refusals that only a person can mend (reliability 1.6)."""

EVERYWHERE = frozenset({Category.IP_REFUSED, Category.CREDENTIALS, Category.RISK})
"""Refusals of the whole account: what one path was told holds for all of them."""

UNREACHED = frozenset({Category.NETWORK, Category.TIMEOUT, Category.PORTAL, Category.UNTRUSTED})
"""No server is spared by waiting longer, and the network may be back at any moment."""

TURNED_AWAY = frozenset({"403", "404", "429", "451"})
TURNED_AWAY_AFTER = 3
MINUTE_SPREAD = 20.0
MIDNIGHT_SPREAD = 300.0


class Verdict(Struct, frozen=True):
    """What a failure means for its path: seconds to the next try, and who may try before.

    `barred`: nobody, WeChat would refuse it. `stopped`: only a person who asks for it. `everywhere`: the same
    holds for the other paths.
    """

    pause: float
    barred: bool = False
    stopped: bool = False
    everywhere: bool = False


class Circuit:
    """The failures of one path in a row."""

    def __init__(self) -> None:
        self.failures = 0
        self._turned_away = 0

    def succeeded(self) -> None:
        """The path works."""
        self.failures = self._turned_away = 0

    def failed(self, failure: Failure, server: float, roll: float) -> Verdict:
        """What one more failure means; `server` is WeChat's time, `roll` in [0, 1) spreads the desks."""
        self.failures += 1
        category = failure.category
        if category is Category.QUOTA:
            return Verdict(midnight_after(server) - server + MIDNIGHT_SPREAD * roll, barred=True)
        if category is Category.RATE:
            return Verdict(60 - server % 60 + MINUTE_SPREAD * roll, barred=True)
        if category in PATIENCE:
            everywhere = category in EVERYWHERE
            return Verdict(PATIENCE[category], stopped=True, everywhere=everywhere)
        if category is Category.BAD_REPLY and failure.subject in TURNED_AWAY:
            self._turned_away += 1
            if self._turned_away >= TURNED_AWAY_AFTER:
                return Verdict(PROBE_SECONDS, stopped=True)
        if self.failures >= OPENS_AFTER and category not in UNREACHED:
            doubled = OPEN_SECONDS * 2 ** min(self.failures - OPENS_AFTER, 10)
            return Verdict(min(LONGEST_OPEN, doubled), stopped=True)
        return Verdict(roll * min(LONGEST_BACKOFF, 2.0 ** min(self.failures - 1, 10)))
