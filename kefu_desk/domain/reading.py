"""How far WeChat's records are read, and what could not be read so far."""

from msgspec import Struct

from kefu_desk.domain.coverage import Span


class Coverage(Struct, frozen=True):
    """From Unix second `since` up to now nothing is missing; None: nothing was read yet.

    `gaps` are periods that were not read although it was tried, oldest first; `fetching` is the one that is
    being read.
    """

    since: int | None = None
    gaps: tuple[Span, ...] = ()
    fetching: Span | None = None


def sees(coverage: Coverage | None, second: int) -> bool:
    """Whether all that came after that second is known; without any coverage nobody doubts it."""
    return coverage is None or (coverage.since is not None and coverage.since <= second)
