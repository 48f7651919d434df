"""When to read again: a pure calculation of period, back-off and jitter."""

from msgspec import Struct

from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Category
from kefu_desk.domain.state import DeskState

LONGEST_BACKOFF = 30.0
DOUBT = 1.0
"""Seconds to the second look at a list that is suddenly empty."""
EARLY = 0.05
JITTER = 0.1
PATIENCE = {
    Category.IP_REFUSED: 300.0,
    Category.CREDENTIALS: 300.0,
    Category.RISK: 300.0,
    Category.FORBIDDEN: 300.0,
    Category.QUOTA: 600.0,
    Category.RATE: 60.0,
}
"""Seconds to leave WeChat alone after failures that another try cannot mend at once (reliability 1.6)."""


class Cadence(Struct, frozen=True):
    """How often each reading is made; `base` in seconds, and the others are multiples of it."""

    base: float = 3.0

    def period(self, feed: Feed, state: DeskState) -> float:
        """The wanted seconds between two readings of a feed in this state."""
        match feed:
            case Feed.WAITING:
                return self.base
            case Feed.RECORDS:
                return self.base if state.sessions.items else self.base * 3
            case Feed.SESSIONS:
                return self.base * 2
            case Feed.ONLINE:
                return self.base * 3

    def until_next(self, feed: Feed, state: DeskState) -> float:
        """The period, or less when the last answer has to be asked for again to be believed."""
        doubtful = {Feed.SESSIONS: state.sessions.emptied, Feed.ONLINE: state.agents.emptied}
        period = self.period(feed, state)
        return min(period, DOUBT) if doubtful.get(feed) else period

    def pause(self, period: float, failures: int, category: Category | None, roll: float) -> float:
        """Seconds until the next try after `failures` in a row; `roll` in [0, 1) spreads the desks.

        The pause is 5 to 15 percent shorter than wanted: Qt's timers may be 5 percent late, and a period is a
        promise about the age of the data.
        """
        wanted = (
            period if failures == 0 else min(LONGEST_BACKOFF, max(1.0, period) * 2 ** min(failures - 1, 6))
        )
        if failures and category in PATIENCE:
            wanted = PATIENCE[category]
        return wanted * (1 - EARLY - JITTER * roll)
