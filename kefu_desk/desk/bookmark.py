"""Which seconds of the records were read whole: in memory at once, in the archive a minute later."""

import asyncio

from kefu_desk.desk.ports import Archive
from kefu_desk.desk.store import Store
from kefu_desk.domain.coverage import Span, gaps, merged
from kefu_desk.domain.facts import CoverageTold
from kefu_desk.domain.reading import Coverage

WRITE_SECONDS = 60
"""The newest span grows with each reading; a crash costs no more than reading so much again."""


class Bookmark:
    """The coverage of a running desk.

    `begun` is set when the newest records were read in this run; `lost` counts how often all was lost.
    """

    def __init__(self, store: Store, archive: Archive) -> None:
        self._store = store
        self._archive = archive
        self._loaded = False
        self._written: tuple[Span, ...] = ()
        self._sure: tuple[Span, ...] = ()
        self.spans: tuple[Span, ...] = ()
        self.begun = asyncio.Event()
        self.lost = 0

    async def load(self) -> None:
        """Reads once what earlier runs have read.

        Raises:
            DeskError: category STORAGE.
        """
        if not self._loaded:
            found = await self._archive.covered()
            self._written = self._sure = found
            self.spans, self._loaded = merged((*self.spans, *found)), True

    async def check(self) -> None:
        """Begins anew when the archive has forgotten what it was told: it was damaged, and another made.

        Raises:
            DeskError: category STORAGE.
        """
        known = self._written
        found = await self._archive.covered()
        if any(gaps(found, span) for span in known):
            self._written = self._sure = self.spans = found
            self.begun.clear()
            self.lost += 1

    async def cover(self, span: Span, *, keep: bool = True) -> None:
        """A span was read whole. `keep` is False for what only this run may believe.

        Raises:
            DeskError: category STORAGE; the span counts for this run all the same.
        """
        self.spans = merged((*self.spans, span))
        if not keep:
            return
        self._sure = merged((*self._sure, span))
        whole = next(sure for sure in self._sure if sure.start <= span.start and span.end <= sure.end)
        left = gaps(self._written, whole)
        if left and (len(left) > 1 or left[0].end - left[0].start >= WRITE_SECONDS):
            await self._archive.cover(whole)
            self._written = merged((*self._written, whole))

    def missing(self, period: Span, aside: tuple[Span, ...] = ()) -> tuple[Span, ...]:
        """What of a period was neither read nor put aside, oldest first."""
        return gaps((*self.spans, *aside), period)

    def tell(self, missing: tuple[Span, ...] = (), fetching: Span | None = None) -> None:
        """Says how far the records are read and what is missing, when that has changed."""
        since = self.spans[-1].start if self.begun.is_set() and self.spans else None
        coverage = Coverage(since, missing, fetching)
        if coverage != self._store.state.coverage:
            self._store.dispatch(CoverageTold(coverage))

    def tell_since(self) -> None:
        """Says how far back nothing is missing; what is known of gaps stays as it is."""
        before = self._store.state.coverage or Coverage()
        self.tell(before.gaps, before.fetching)
