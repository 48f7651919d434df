"""How far back each reading of the newest records goes (reliability F-R07)."""

from kefu_desk.domain.coverage import Span

NEWEST = 600
"""A reading goes back no further than this to where the one before ended; the rest is filled in later."""

OVERLAP = 60
"""Records have a resolution of one second and may come late."""

TIERS = ((60.0, 300), (600.0, 3600))
"""Each so many seconds a reading goes back so many."""


class Tiers:
    """Chooses the period of each reading; times of day are WeChat's, in Unix seconds."""

    def __init__(self) -> None:
        self._done: dict[float, float] = {}

    def period(self, until: int | None, end: int, now: float) -> Span:
        """What to read when all was read up to `until`; `now` is monotonic. Ends in the present second."""
        start = end - NEWEST if until is None else max(end - NEWEST, min(until, end) - OVERLAP)
        depths = [depth for every, depth in TIERS if now - self._done.setdefault(every, now) >= every]
        return Span(min(start, *(end - depth for depth in depths)) if depths else start, end)

    def done(self, span: Span, now: float) -> None:
        """A reading of this span has come to its end."""
        for every, depth in TIERS:
            if span.end - span.start >= depth:
                self._done[every] = now
