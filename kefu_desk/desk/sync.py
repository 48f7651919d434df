"""Reads WeChat's message records into the archive and tells what was new."""

from kefu_desk.desk.ports import Archive, Clock, Gateway
from kefu_desk.desk.reconcile import Evidence
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import RecordsObserved
from kefu_desk.domain.messages import Record

FIRST_SPAN = 48 * 3600
OVERLAP = 60


class RecordSync:
    """Archives first, tells then: what is on screen is on disk.

    Every reading overlaps the one before by a minute, because records have a resolution of one second and may
    come late. The first reading goes back 48 hours, the length of a reply window. Records that were archived
    when the disk failed are told with the next reading.
    """

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        archive: Archive,
        evidence: Evidence,
        clock: Clock,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._archive = archive
        self._evidence = evidence
        self._clock = clock
        self._until: int | None = None
        self._untold: tuple[Record, ...] = ()

    async def look(self, start: int, end: int) -> tuple[Record, ...]:
        """The records of a period, for whoever looks for one of them; archived, tied and told as all are."""
        records = await self._gateway.records(start, end)
        self._untold += await self._archive.add(records)
        await self._evidence.tie(records, self._gateway.clock_offset() or 0.0)
        return records

    async def read(self, period: float) -> None:
        """One reading, from a little before the last one up to now on WeChat's clock."""
        offset = self._gateway.clock_offset() or 0.0
        end = int(self._clock.now() + offset)
        if self._until is None:
            self._until = await self._archive.synced_until()
        start = end - FIRST_SPAN if self._until is None else min(self._until, end) - OVERLAP
        records = await self._gateway.records(start, end)
        self._untold += await self._archive.add(records)
        openids = {record.openid for record in self._untold}
        digests = await self._archive.digests(openids) if openids else {}
        await self._evidence.tie(records, offset)  # also what a run that was killed had only archived
        fresh, self._untold = self._untold, ()
        at = self._clock.now()
        self._store.dispatch(RecordsObserved(fresh, tuple(digests.items()), at, period))
        if self._until is None or end - self._until >= OVERLAP:
            await self._archive.mark_synced(end)
        self._until = end
