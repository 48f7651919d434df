"""Message records: one page, or all pages of a period."""

import logging
from collections import Counter
from collections.abc import AsyncIterator

from kefu_desk.wechat import spec
from kefu_desk.wechat.errors import ReplyTooLarge
from kefu_desk.wechat.transport import Transport
from kefu_desk.wechat.wire import RecordItem, RecordsReply

log = logging.getLogger(__name__)

PAGE = 10_000
"""The most records WeChat gives at once."""

SMALLEST_PAGE = 100
DAY = 86_400
SHANGHAI = 8 * 3600
"""WeChat's days begin at midnight in Shanghai, which knows no daylight saving."""


def days(start: int, end: int) -> list[tuple[int, int]]:
    """The period cut at midnight in Shanghai, both ends included; WeChat refuses longer ones."""
    slices = []
    while start <= end:
        last = start - (start + SHANGHAI) % DAY + DAY - 1
        slices.append((start, min(end, last)))
        start = last + 1
    return slices


class Records:
    """The calls about message records."""

    def __init__(self, transport: Transport) -> None:
        self._calls = transport

    async def records_page(
        self, start: int, end: int, *, cursor: int = 1, number: int = PAGE
    ) -> RecordsReply:
        """One page of records of a period within one day; `cursor` is the `msgid` of the page before.

        Raises:
            ValueError: when WeChat would refuse the request anyway.
        """
        if not 0 <= start <= end < 10**10:
            raise ValueError("start and end are Unix seconds, the earlier first")
        if not 1 <= number <= PAGE:
            raise ValueError("number is between 1 and 10000")
        body = {"starttime": start, "endtime": end, "msgid": cursor, "number": number}
        return await self._calls.call(spec.MSG_LIST, RecordsReply, body=body)

    async def records(self, start: int, end: int, *, number: int = PAGE) -> AsyncIterator[RecordItem]:
        """All records with start <= time <= end as WeChat orders them, day by day."""
        for first, last in days(start, end):
            async for record in self._day(first, last, number):
                yield record

    async def _day(self, start: int, end: int, number: int) -> AsyncIterator[RecordItem]:
        """All pages of one day.

        Nobody has published whether a cursor includes the record it names. When a page begins with the very
        record that ended the one before, that second is read again by itself and told from there.
        """
        cursor = 1
        told: Counter[int] = Counter()
        settled: set[int] = set()
        before: RecordsReply | None = None
        while True:
            page, number = await self._fitting(start, end, cursor, number)
            if before is not None and number >= SMALLEST_PAGE and page.records == before.records != ():
                log.warning("getmsglist: the same page came twice, reading of this day stopped")
                return
            seam = _seam(before, page)
            if seam is not None and seam not in settled:
                for record in await self._rest_of(seam, told[seam], settled):
                    yield record
            for record in page.records:
                if record.time not in settled:
                    told[record.time] += 1
                    yield record
            if page.length < number:
                return
            if page.msgid <= cursor:
                log.warning("getmsglist: the cursor did not move, reading of this day stopped")
                return
            cursor, before = page.msgid, page

    async def _rest_of(self, second: int, told: int, settled: set[int]) -> tuple[RecordItem, ...]:
        """The records of a second after those already told; settles it unless the answer is no help."""
        alone, number = await self._fitting(second, second, 1, PAGE)
        if alone.length >= number or len(alone.records) < told:
            return ()
        settled.add(second)
        return alone.records[told:]

    async def _fitting(self, start: int, end: int, cursor: int, number: int) -> tuple[RecordsReply, int]:
        """A page, asking for fewer records until the answer fits, and the number that did."""
        while True:
            try:
                return await self.records_page(start, end, cursor=cursor, number=number), number
            except ReplyTooLarge:
                if number <= SMALLEST_PAGE:
                    raise
                number = max(SMALLEST_PAGE, number // 4)


def _seam(before: RecordsReply | None, page: RecordsReply) -> int | None:
    """The second in which one page ends and the next begins with the same record."""
    if before is None or not before.records or not page.records or before.records[-1] != page.records[0]:
        return None
    return page.records[0].time
