"""Finds which record of WeChat explains which send of this desk, so that neither is shown twice.

Records have no id, so equal texts are matched as a multiset (reliability 1.7): sends known to be accepted
claim first, nearest in time, then those of unknown outcome by age, also when a person has answered for them:
else an old twin that arrives late would explain a younger send. A record is never older than its send.
"""

import asyncio
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from kefu_desk.desk.ports import Archive, Clock, OutboxStore
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import EvidenceFound
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.messages import OperCode, Record, record_key
from kefu_desk.domain.outbox import OutboxItem, SendState

SKEW_SECONDS = 2
LATEST_SECONDS = 48 * 3600
CLAIMANTS = {SendState.SENT: 0, SendState.SENDING: 0, SendState.RESOLVED: 1, SendState.UNKNOWN: 1}
WATCHED_SECONDS = 300.0
"""Where nobody had read the records for so long, a first sight tells nothing of their lag."""

TAG = r"</?a\b[^>]*>"
"""What WeChat takes for a link in a text; records may show only the words inside."""

LIKENESS = 0.6


def normal(words: str) -> str:
    """A text as it is compared: one form of each character, no links, line ends and blanks made uniform."""
    composed = unicodedata.normalize("NFC", words)
    return " ".join((re.sub(TAG, "", composed) if "<" in composed else composed).split())


def nearest_words(words: str, others: Iterable[str]) -> str:
    """The text most like `words`, or an empty one when none is much like it."""
    from difflib import SequenceMatcher  # noqa: PLC0415  only for a send that nobody can explain

    best, share = "", LIKENESS
    for other in others:
        one, two = normal(words), normal(other)
        alike = 1.0 if two and (one in two or two in one) else SequenceMatcher(None, one, two).ratio()
        if alike >= share:
            best, share = other, alike
    return best


def explain(
    items: Sequence[OutboxItem], records: Iterable[Record], agent: AgentId, offset: float
) -> list[tuple[OutboxItem, Record]]:
    """Pairs of a send and the record that explains it; `offset` is WeChat's clock minus ours, in seconds.

    For a send under way a record is only kept back: its outcome tells whose it is.
    """
    free = [r for r in records if r.opercode == OperCode.AGENT_SENT and r.worker == agent]
    pairs = []
    candidates = [i for i in items if i.state in CLAIMANTS and not i.evidence and i.started is not None]
    for item in sorted(candidates, key=claim_order):
        start = (item.started or 0.0) + offset
        fitting = [
            r
            for r in free
            if r.openid == item.openid
            and normal(r.text) == normal(item.text)
            and -SKEW_SECONDS <= r.time - int(start) <= LATEST_SECONDS
        ]
        if fitting:
            nearest = min(fitting, key=lambda r: (abs(r.time - start), r.ordinal))
            free.remove(nearest)
            if item.state is not SendState.SENDING:
                pairs.append((item, nearest))
    return pairs


def claim_order(item: OutboxItem) -> tuple[int, float]:
    """Of what WeChat has, or is getting, the youngest first: the fewest records can be its own."""
    rank, started = CLAIMANTS[item.state], item.started or 0.0
    return rank, started if rank == CLAIMANTS[SendState.UNKNOWN] else -started


class Evidence:
    """Ties records to sends, one batch at a time, so that no two batches explain the same thing.

    `explained` is called after each pair: a later message to that customer may go out now.
    """

    def __init__(
        self,
        store: Store,
        outbox: OutboxStore,
        archive: Archive,
        agent: AgentId,
        clock: Clock,
        explained: Callable[[], None],
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._archive = archive
        self._agent = agent
        self._clock = clock
        self._explained = explained
        self._turn = asyncio.Lock()
        self._looked, self._watching = float("-inf"), 0.0

    async def tie(self, records: Iterable[Record], offset: float) -> None:
        """Ties what these records explain, durably, and tells each pair as a fact.

        Raises:
            DeskError: category STORAGE.
        """
        self._look_around()
        own = [r for r in records if r.worker == self._agent and r.opercode == OperCode.AGENT_SENT]
        if not own:
            return
        async with self._turn:
            items = await self._outbox.unclaimed({record.openid for record in own})
            if not items:
                return
            customers = {item.openid for item in items}
            taken = {key for openid in customers for key in await self._outbox.claimed_records(openid)}
            free = [record for record in own if record_key(record) not in taken]
            await self._claim(explain(items, free, self._agent, offset))

    async def _claim(self, pairs: Sequence[tuple[OutboxItem, Record]]) -> None:
        """Stores the pairs and then tells them together, with digests in which their records are counted."""
        if not pairs:
            return
        digests = await self._archive.digests({item.openid for item, _ in pairs})
        found: list[EvidenceFound] = []
        try:
            for item, record in pairs:
                key = record_key(record)
                claimed = await self._outbox.claim(item.id, key, now=self._seen_now(item))
                found.append(EvidenceFound(claimed, key, digests[item.openid]))
        finally:
            for fact in found:
                self._store.dispatch(fact)
                self._explained()

    def _look_around(self) -> None:
        now = self._clock.now()
        if now - self._looked > WATCHED_SECONDS:
            self._watching = now
        self._looked = now

    def _seen_now(self, item: OutboxItem) -> float | None:
        """The moment of a first sight; None when nobody looked for a while since the send."""
        return self._clock.now() if (item.started or 0.0) >= self._watching else None
