"""Message records: one page, or all pages of a period."""

import logging
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
        record that ended the one before, that second is read again by itself to see how many there are.
        """
        cursor = 1
        last: RecordItem | None = None
        page: RecordsReply | None = None
        while True:
            before, page, number = page, *await self._fitting(start, end, cursor, number)
            if before is not None and number >= SMALLEST_PAGE and page.records == before.records != ():
                log.warning("getmsglist: the same page came twice, reading of this day stopped")
                return
            rows = page.records
            if last is not None and rows and rows[0] == last and await self._repeats(last, before, page):
                rows = rows[1:]
            for record in rows:
                yield record
            if page.records:
                last = page.records[-1]
            if page.length < number:
                return
            if page.msgid <= cursor:
                log.warning("getmsglist: the cursor did not move, reading of this day stopped")
                return
            cursor = page.msgid

    async def _fitting(self, start: int, end: int, cursor: int, number: int) -> tuple[RecordsReply, int]:
        """A page, asking for fewer records until the answer fits, and the number that did."""
        while True:
            try:
                return await self.records_page(start, end, cursor=cursor, number=number), number
            except ReplyTooLarge:
                if number <= SMALLEST_PAGE:
                    raise
                number = max(SMALLEST_PAGE, number // 4)

    async def _repeats(self, seam: RecordItem, before: RecordsReply | None, page: RecordsReply) -> bool:
        """Whether the record at the seam is one record told twice rather than two equal ones."""
        told = sum(row == seam for reply in (before, page) if reply is not None for row in reply.records)
        alone, _ = await self._fitting(seam.time, seam.time, 1, PAGE)
        there = sum(row == seam for row in alone.records)
        return 0 < there < told
