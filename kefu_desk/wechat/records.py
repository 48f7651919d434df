"""Message records: one page, or all pages of a period as WeChat gives them."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable

from msgspec import Struct

from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import Record, numbered
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


class Place(Struct, frozen=True):
    """Up to where records were read; as JSON it can be kept for another day.

    `start` is the first second of the day being read, `cursor` the `msgid` to go on from. `last` is the last
    record told, `told` how many of its second were, and `settled` says that all of that second were.
    """

    start: int
    cursor: int = 1
    last: RecordItem | None = None
    told: int = 0
    settled: bool = False


def identified(records: Iterable[RecordItem]) -> tuple[Record, ...]:
    """The records with their identity: equal ones of one second are counted (`domain.messages.record_key`).

    Readings of periods that overlap can be merged by it, as long as each holds its seconds whole.
    """
    return numbered(
        Record(OpenId(item.openid), AgentId(item.worker), item.opercode, item.text, item.time)
        for item in records
    )


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
        async for records, _ in RecordReader(self).pages(start, end, number=number):
            for record in records:
                yield record


async def fitting(
    wechat: Records, start: int, end: int, cursor: int, number: int
) -> tuple[RecordsReply, int]:
    """A page, asking for fewer records until the answer fits, and the number that did."""
    while True:
        try:
            return await wechat.records_page(start, end, cursor=cursor, number=number), number
        except ReplyTooLarge:
            if number <= SMALLEST_PAGE:
                raise
            number = max(SMALLEST_PAGE, number // 4)


class RecordReader:
    """Reads any period page by page, for those who keep what they have read and go on another time.

    `stopped` counts days whose reading was broken off because WeChat repeated itself: records may be missing.
    """

    def __init__(self, wechat: Records) -> None:
        self._wechat = wechat
        self.stopped = 0

    async def pages(
        self, start: int, end: int, *, place: Place | None = None, number: int = PAGE
    ) -> AsyncIterator[tuple[tuple[RecordItem, ...], Place]]:
        """The records of a period page by page, with the place from which to go on after each page.

        With the `place` of an earlier reading of the same period nothing before it is asked for again.
        """
        place = place or Place(start)
        for first, last in days(place.start, end):
            day = self._day(place if place.start == first else Place(first), last, number)
            async for page in day:
                yield page

    async def _day(
        self, place: Place, end: int, number: int
    ) -> AsyncIterator[tuple[tuple[RecordItem, ...], Place]]:
        """All pages of one day from a place on.

        Nobody has published whether a cursor includes the record it names. When a page begins with the very
        record that ended the one before, that second is read again by itself and told from there.
        """
        start, cursor, last = place.start, place.cursor, place.last
        told = Counter({last.time: place.told}) if last is not None else Counter[int]()
        settled = {last.time} if last is not None and place.settled else set[int]()
        before: tuple[RecordItem, ...] = ()
        over = False
        while not over:
            page, number = await fitting(self._wechat, start, end, cursor, number)
            found: list[RecordItem] = []
            over = page.length < number
            if number >= SMALLEST_PAGE and page.records == before != ():
                log.warning("getmsglist: the same page came twice, reading of this day stopped")
                self.stopped += 1
                over = True
            else:
                if page.records and page.records[0] == last and last.time not in settled:
                    found += await self._rest_of(last.time, told[last.time], settled)
                fresh = [record for record in page.records if record.time not in settled]
                told.update(record.time for record in fresh)
                found += fresh
                if not over and page.msgid <= cursor:
                    log.warning("getmsglist: the cursor did not move, reading of this day stopped")
                    self.stopped += 1
                    over = True
            last = page.records[-1] if page.records else last
            cursor, before = page.msgid, page.records
            second = last.time if last is not None else 0
            here = Place(start, cursor, last, told[second], second in settled)
            yield tuple(found), Place(end + 1) if over else here

    async def _rest_of(self, second: int, told: int, settled: set[int]) -> tuple[RecordItem, ...]:
        """The records of a second after those already told; settles it unless the answer is no help."""
        alone, number = await fitting(self._wechat, second, second, 1, PAGE)
        if alone.length >= number or len(alone.records) < told:
            return ()
        settled.add(second)
        return alone.records[told:]
