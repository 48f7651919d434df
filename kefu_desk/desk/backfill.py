"""Reads what the newest readings left out, newest first, slowly, and as often as it takes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from kefu_desk.desk.bookmark import Bookmark
from kefu_desk.desk.intake import Intake
from kefu_desk.desk.ports import Clock, Gateway
from kefu_desk.desk.store import Store
from kefu_desk.domain.coverage import Span, gaps, merged
from kefu_desk.domain.facts import Feed, RecordsFound
from kefu_desk.domain.failure import Category, DeskError, Failure

HOUR, DAY = 3600, 86_400
SHANGHAI = 8 * HOUR
"""WeChat's days begin at midnight in Shanghai, which knows no daylight saving."""

REPLY_PERIOD = 2 * DAY
"""So far back is always read: what a customer may still be answered hangs on it."""

PACE = 1.0
"""Seconds from one piece to the next, and for a page of `FULL_PAGE` records."""
FULL_PAGE = 10_000
FIRST, SHORTEST = 4 * HOUR, HOUR
MANY, FEW = 20_000, 2000
"""Records in a piece that make the next one half or twice as long."""

LATE = 600
"""Seconds before a gap that are read with it: whoever fell asleep or died there saw no late records."""

REFUSALS = 3
"""Pieces refused in a row after which the rest of their gap is not asked for either."""

GARBLED = 6
"""Failures in a row of the shortest piece after which it is not the network; these take two minutes."""

ASIDE = 3600.0
"""Seconds until what was refused or garbled is asked for again."""

IDLE = 30.0
SLOWEST = 60.0
PATIENCE = 5.0
"""Seconds of reading after which what is still missing is told."""
QUIET = 600
"""Seconds after midnight, or after the start, from which on the day before is read once more."""
UNREADABLE = frozenset({Category.REQUEST, Category.BAD_REPLY})


class Backfill:
    """Closes the gaps of the coverage, which is its only bookmark.

    The newest gap comes first, in pieces of an hour to a day, no more than a page a second, and not while
    the newest records cannot be read. A piece that WeChat refuses or garbles is put aside, told as a gap, and
    tried again when asked for, or after an hour. When all is read, yesterday is read once more, for what came
    very late.
    """

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        clock: Clock,
        intake: Intake,
        bookmark: Bookmark,
        history_days: int,
        wait: Callable[[], float] = lambda: 0.0,
        met: Callable[[Failure], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._intake = intake
        self._bookmark = bookmark
        self._wait = wait
        self._met = met
        self._reach = max(REPLY_PERIOD, history_days * DAY)
        self._length = FIRST
        self._wanted: Span | None = None
        self._aside: tuple[Span, ...] = ()
        self._aside_since = 0.0
        self._failures = 0
        self._refusals = 0
        self._busy_since: float | None = None
        self._began = 0.0
        self._checked: int | None = None
        self._again = False
        self._wake = asyncio.Event()
        self._never = asyncio.Event()

    def want(self, span: Span) -> None:
        """Reads this period next, because somebody asks for it."""
        self._wanted = span
        self._aside = tuple(left for old in self._aside for left in gaps((span,), old))
        self._failures = 0
        self._wake.set()

    async def run(self) -> None:
        """Serves for ever."""
        self._began = self._clock.monotonic()
        while True:
            await self._bookmark.begun.wait()
            self._wake.clear()
            piece = self._next() if self._may_read() else None
            if piece is None:
                self._tell(None)
                idle = IDLE if self._may_read() else PACE * 5
                await self._clock.pause(idle, self._wake)
                with suppress(DeskError):  # whoever reads next tells it
                    await self._bookmark.check()
                continue
            await self._read(piece)
            pause = min(SLOWEST, 2.0**self._failures) if self._failures else PACE
            pause = max(pause, min(SLOWEST, self._wait()))
            await self._clock.pause(pause, self._wake if self._failures else self._never)

    def _may_read(self) -> bool:
        """Whether the newest records come in, WeChat's clock is known, and calls are left."""
        health = self._store.state.link.health(Feed.RECORDS)
        return health.failure is None and self._gateway.clock_offset() is not None and self._wait() <= 0

    def _all(self) -> Span:
        newest = self._bookmark.spans[-1].end
        return Span(newest - self._reach, newest)

    def _missing(self) -> tuple[Span, ...]:
        return self._bookmark.missing(self._all(), self._aside)

    def _next(self) -> Span | None:
        """The next piece to read, or None when there is nothing to do."""
        if self._aside and self._clock.monotonic() - self._aside_since > ASIDE:
            self._aside = ()
        wanted = self._bookmark.missing(self._wanted) if self._wanted is not None else ()
        if not wanted:
            self._wanted = None
        missing = wanted or self._missing()
        self._again = not missing
        if not missing:
            self._busy_since = None
            return self._yesterday()
        if self._busy_since is None:
            self._busy_since = self._clock.monotonic()
        gap = missing[-1]
        midnight = gap.end - (gap.end + SHANGHAI) % DAY
        start = max(gap.start, midnight, gap.end - self._length + 1)
        read_before = any(span.end == gap.start - 1 for span in self._bookmark.spans)
        return Span(start - LATE if start == gap.start and read_before else start, gap.end)

    def _yesterday(self) -> Span | None:
        """The day before, once after each midnight and once in each run."""
        now = int(self._clock.now() + (self._gateway.clock_offset() or 0.0))
        midnight = now - (now + SHANGHAI) % DAY
        ran = self._clock.monotonic() - self._began
        if self._checked == midnight or now - midnight < QUIET or ran < QUIET:
            return None
        return Span(midnight - DAY, midnight - 1)

    async def _read(self, piece: Span) -> None:
        self._tell(piece)
        count = 0
        try:
            async for records in self._gateway.record_pages(piece.start, piece.end):
                await self._intake.add(records)
                count += len(records)
                await self._clock.pause(PACE * len(records) / FULL_PAGE, self._never)
            await self._show()
            await self._bookmark.cover(piece)
        except DeskError as error:
            await self._broke_off(piece, error.failure)
            return
        self._failures = self._refusals = 0
        self._adapt(piece, count)
        self._bookmark.tell_since()

    def _adapt(self, piece: Span, count: int) -> None:
        if count > MANY:
            self._length = max(SHORTEST, self._length // 2)
        elif count < FEW:
            self._length = min(DAY, self._length * 2)
        midnight = piece.end + 1
        if (midnight + SHANGHAI) % DAY == 0 and piece.end - piece.start == DAY - 1:
            self._checked = midnight

    async def _broke_off(self, piece: Span, failure: Failure) -> None:
        """Tells what came before the failure; what cannot be read in the smallest piece is put aside."""
        self._met(failure)
        try:
            await self._show()
        except DeskError as error:
            failure = error.failure
        self._failures += 1
        if self._again:
            self._checked = piece.end + 1 if failure.category in UNREADABLE else self._checked
            return
        short = piece.end - piece.start < SHORTEST
        refused = failure.category is Category.REQUEST
        self._refusals += refused
        garbled = failure.category is Category.BAD_REPLY and short and self._failures >= GARBLED
        if refused or garbled:
            gap = next(g for g in reversed(self._bookmark.missing(self._all())) if g.start <= piece.end)
            self._aside = merged((*self._aside, piece if self._refusals < REFUSALS else gap))
            self._wanted, self._failures, self._aside_since = None, 0, self._clock.monotonic()
        self._length = max(SHORTEST, self._length // 2)
        self._tell(None)

    async def _show(self) -> None:
        new, digests = await self._intake.news(self._gateway.clock_offset() or 0.0)
        if new:
            self._store.dispatch(RecordsFound(new, digests))

    def _tell(self, fetching: Span | None) -> None:
        """Says what is missing: nothing while a short reading goes well, else a line would come and go."""
        since = self._busy_since
        slow = since is not None and self._clock.monotonic() - since > PATIENCE
        missing = self._missing() if slow or self._failures or self._wanted is not None else ()
        known = self._bookmark.missing(self._all())
        aside = tuple(s for s in known if any(a.start <= s.end and s.start <= a.end for a in self._aside))
        told = merged((*missing, *aside))
        self._bookmark.tell(told, fetching if told else None)
