"""Reads WeChat's newest message records into the archive and tells what was new."""

import asyncio

from kefu_desk.desk.bookmark import Bookmark
from kefu_desk.desk.intake import Intake
from kefu_desk.desk.ports import Clock, Gateway
from kefu_desk.desk.store import Store
from kefu_desk.desk.tiers import OVERLAP, Tiers
from kefu_desk.domain.coverage import Span
from kefu_desk.domain.facts import RecordsFound, RecordsObserved
from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.messages import Record

STEP = 30.0
"""Seconds by which two clocks may differ before what they say of a reading's end is no longer believed."""

AT_ONCE = 1000
"""Records told in one fact."""

SETTLING = 10.0
"""Seconds after a jump until replies have told anew what WeChat's clock says."""


class RecordSync:
    """Follows the newest records. What lies further back than ten minutes is left to `Backfill`.

    A period that was read to its end is noted as covered, but for its last minute: records may come late.
    Nothing is noted while a clock jumps, because a period of the future would be noted as read.
    """

    def __init__(
        self, *, store: Store, gateway: Gateway, clock: Clock, intake: Intake, bookmark: Bookmark
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._intake = intake
        self._bookmark = bookmark
        self._tiers = Tiers()
        self._until: int | None = None
        self._lost = 0
        self._ahead: float | None = None
        self._jumped: float | None = None
        self._never = asyncio.Event()

    async def look(self, start: int, end: int) -> tuple[Record, ...]:
        """The records of a period, for whoever looks for one of them; archived, tied and told as all are."""
        found: dict[Record, None] = {}
        try:
            async for records in self._gateway.record_pages(start, end):
                await self._intake.add(records)
                found.update(dict.fromkeys(records))
        finally:
            await self._tell()
        return tuple(sorted(found, key=lambda record: record.time))

    async def read(self, period: float) -> None:
        """One reading, from a little before the last one up to now on WeChat's clock."""
        await self._bookmark.load()
        spans, end = self._bookmark.spans, self._server_second()
        if self._bookmark.lost != self._lost:
            self._lost, self._until = self._bookmark.lost, None
        until = self._until if self._until is not None else spans[-1].end if spans else None
        span = self._tiers.period(until, end, self._clock.monotonic())
        try:
            async for records in self._gateway.record_pages(span.start, span.end):
                await self._intake.add(records)
        except DeskError:
            await self._tell()
            raise
        new, digests = await self._intake.news(self._offset())
        at = self._clock.now()
        while len(new) > AT_ONCE:  # a page in one piece would hold up the window
            self._store.dispatch(RecordsObserved(new[:AT_ONCE], digests, at, period))
            new = new[AT_ONCE:]
            await self._clock.pause(0.0, self._never)
        self._store.dispatch(RecordsObserved(new, digests, at, period))
        self._tiers.done(span, self._clock.monotonic())
        await self._note(span)

    async def _note(self, span: Span) -> None:
        """Notes how far all is read, unless one of the clocks has just jumped."""
        known = self._gateway.clock_offset()
        ahead = self._clock.now() + (known or 0.0) - self._clock.monotonic()
        if self._ahead is not None and abs(ahead - self._ahead) >= STEP:
            self._jumped = self._clock.monotonic()
        self._ahead = ahead
        steady = self._jumped is None or self._clock.monotonic() - self._jumped >= SETTLING
        if not steady or span.end > self._server_second() + OVERLAP:
            return
        self._until = span.end
        if span.end - OVERLAP >= span.start:
            read = Span(span.start, span.end - OVERLAP)
            self._bookmark.begun.set()
            await self._bookmark.cover(read, keep=known is not None)
            self._bookmark.tell_since()

    async def _tell(self) -> None:
        """Tells what was archived before a reading broke off, or beside the readings."""
        new, digests = await self._intake.news(self._offset())
        if new:
            self._store.dispatch(RecordsFound(new, digests))

    def _offset(self) -> float:
        return self._gateway.clock_offset() or 0.0

    def _server_second(self) -> int:
        return int(self._clock.now() + self._offset())
