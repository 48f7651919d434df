"""Gives parked replies back as a draft when their customer has written; never sends one by itself."""

import asyncio

from kefu_desk.desk.ports import Clock, OutboxStore
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import NoticeRaised, OutboxChanged, RecordsObserved, WordsReturned
from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.domain.text import text, verbatim

STORAGE_WAIT = 5.0
IDLE = 3600.0
SHOWN = 40


class Parking:
    """Waits for the customers of parked replies to write (product part 2, 10)."""

    def __init__(self, *, store: Store, outbox: OutboxStore, clock: Clock) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._wrote: set[OpenId] = set()
        self._wake = asyncio.Event()
        store.listen(lambda fact: self._note(fact) if isinstance(fact, RecordsObserved) else None)

    async def run(self) -> None:
        """Serves for ever."""
        while True:
            self._wake.clear()
            wait = IDLE
            for openid in tuple(self._wrote):
                if not await self._give_back(openid):
                    wait = STORAGE_WAIT
            await self._clock.pause(wait, self._wake)

    def parked(self, openid: OpenId) -> list[OutboxItem]:
        """The parked replies to a customer, oldest first."""
        items = self._store.state.outbox
        return [i for i in items if i.openid == openid and i.state is SendState.PARKED]

    def _note(self, fact: RecordsObserved) -> None:
        offset = self._store.state.link.clock_offset or 0.0
        for record in fact.new:
            if not record.from_customer:
                continue
            parked = self.parked(record.openid)
            if parked and record.time > (parked[-1].settled or parked[-1].created) + offset - 1:
                self._wrote.add(record.openid)
                self._wake.set()

    async def _give_back(self, openid: OpenId) -> bool:
        parked = self.parked(openid)
        self._wrote.discard(openid)
        if not parked:
            return True
        try:
            items, draft = await self._outbox.take_back((i.id for i in parked), now=self._clock.now())
        except DeskError as error:
            self._store.dispatch(NoticeRaised(error.failure.text, error.failure, self._clock.now()))
            self._wrote.add(openid)
            return False
        for item in items:
            self._store.dispatch(OutboxChanged(item))
        if items:
            words = "\n".join(item.text for item in items)
            self._store.dispatch(WordsReturned(openid, words, draft))
            first = words.split("\n", 1)[0]
            shown = first if len(first) <= SHOWN else f"{first[: SHOWN - 1]}…"
            notice = text("notice.parked_back", len(items), words=verbatim(shown))
            self._store.dispatch(NoticeRaised(notice, None, self._clock.now()))
        return True
