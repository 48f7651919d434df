"""Records with their numbers: equal ones of one second are counted right, wherever a page ends."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator

from kefu_desk.domain.failure import Effect
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import Record
from kefu_desk.wechat import spec
from kefu_desk.wechat.codes import PERIOD_REFUSED
from kefu_desk.wechat.errors import ApiError, BadReply
from kefu_desk.wechat.records import PAGE, SMALLEST_PAGE, Records, days, fitting
from kefu_desk.wechat.wire import RecordItem, RecordsReply

log = logging.getLogger(__name__)

SLICE = 1000
"""Records told at once: making a whole page of them would hold up the window."""

Twins = tuple[str, str, int, str, int]


class NumberedReader:
    """Reads periods page by page for those who store records by their identity.

    Nobody has published whether a cursor includes the record it names, and pages need not be in order. So the
    seconds that two pages share are read again by themselves and told whole: a record may be told twice, but
    with the same number, and none is missed.
    """

    def __init__(self, wechat: Records, page: int = PAGE) -> None:
        self._wechat = wechat
        self._page = page

    async def pages(self, start: int, end: int) -> AsyncIterator[tuple[Record, ...]]:
        """All records with start <= time <= end, in slices of at most `SLICE`, oldest first in each page.

        Raises:
            WeChatError: what was told until then stands; a period that ends without one was read completely.
        """
        for first, last in days(start, end):
            async for found in self._day(first, last):
                yield found

    async def seam(self, first: int, last: int) -> tuple[RecordItem, ...] | None:
        """All records of the seconds in which two pages meet; None when WeChat does not give them whole."""
        alone, number = await fitting(self._wechat, first, last, 1, PAGE)
        if alone.length < number:
            return alone.records
        if first == last:
            return None
        middle = (first + last) // 2
        older, newer = await self.seam(first, middle), await self.seam(middle + 1, last)
        return None if older is None or newer is None else older + newer

    async def _day(self, start: int, end: int) -> AsyncIterator[tuple[Record, ...]]:
        """One day; a period that WeChat refuses is asked for in two halves, once."""
        try:
            page, number = await fitting(self._wechat, start, end, 1, self._page)
        except ApiError as error:
            if error.errcode not in PERIOD_REFUSED or start == end:
                raise
            log.warning("getmsglist: a period of %d s was refused, trying its halves", end - start + 1)
        else:
            async for found in self._rest(start, end, page, number):
                yield found
            return
        middle = (start + end) // 2
        for first, last in ((start, middle), (middle + 1, end)):
            page, number = await fitting(self._wechat, first, last, 1, self._page)
            async for found in self._rest(first, last, page, number):
                yield found

    async def _rest(
        self, start: int, end: int, page: RecordsReply, number: int
    ) -> AsyncIterator[tuple[Record, ...]]:
        """All pages of a period, the first of which is given."""
        told, settled, counts = set[int](), set[int](), Counter[Twins]()
        cursor = 1
        while True:
            items = [r for r in page.records if start <= r.time <= end and r.time not in settled]
            shared = {r.time for r in items} & told
            told.update(r.time for r in items)
            counts = Counter({twins: n for twins, n in counts.items() if twins[-1] in shared})
            whole = await self._whole(shared, items) if shared else None
            if whole is not None:
                settled |= shared
                counts.clear()
                items = whole
            for found in _numbered(items, counts):
                yield found
            if page.length < number:
                return
            if page.msgid <= cursor:
                raise _repeated("the cursor did not move")
            cursor, before = page.msgid, page.records
            page, number = await fitting(self._wechat, start, end, cursor, number)
            if number >= SMALLEST_PAGE and page.records == before != ():
                raise _repeated("the same page came twice")

    async def _whole(self, shared: set[int], items: list[RecordItem]) -> list[RecordItem] | None:
        """The records of a page with its shared seconds made whole; None when the second look shows fewer."""
        seam = await self.seam(min(shared), max(shared))
        if seam is None:
            return None
        alone = [record for record in seam if record.time in shared]
        here = Counter(_twins(record) for record in items if record.time in shared)
        if not here <= Counter(map(_twins, alone)):
            return None
        return alone + [record for record in items if record.time not in shared]


def _twins(item: RecordItem) -> Twins:
    """What equal records of one second have in common; the second comes last."""
    return (item.openid, item.worker, item.opercode, item.text, item.time)


def _numbered(items: Iterable[RecordItem], counts: Counter[Twins]) -> Iterator[tuple[Record, ...]]:
    """The records in order of time, a slice at a time; `counts` tells how many of each were before."""
    ordered = sorted(items, key=lambda item: item.time)  # stable: WeChat's order within a second stays
    for at in range(0, len(ordered), SLICE):
        found = []
        for item in ordered[at : at + SLICE]:
            twins = _twins(item)
            openid, worker = OpenId(item.openid), AgentId(item.worker)
            found.append(Record(openid, worker, item.opercode, item.text, item.time, counts[twins]))
            counts[twins] += 1
        yield tuple(found)


def _repeated(what: str) -> BadReply:
    log.warning("getmsglist: %s, reading of this period stopped", what)
    return BadReply(200, what, endpoint=spec.MSG_LIST.name, effect=Effect.NONE)
