"""The way of records into the desk: archived first, tied to sends, then told."""

from collections.abc import Sequence

from kefu_desk.desk.ports import Archive
from kefu_desk.desk.reconcile import Evidence
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import OperCode, Record

News = tuple[tuple[Record, ...], tuple[tuple[OpenId, Digest], ...]]


class Intake:
    """What is on screen is on disk: records are told after they were archived.

    Those that could not be told, because the disk failed between, are told with the next. With `own`
    only the conversations of that agent are kept.
    """

    def __init__(self, archive: Archive, evidence: Evidence, own: AgentId | None) -> None:
        self._archive = archive
        self._evidence = evidence
        self._own = own
        self._untold: dict[Record, None] = {}
        self._sent: dict[Record, None] = {}

    async def add(self, records: Sequence[Record]) -> None:
        """Archives records.

        Raises:
            DeskError: category STORAGE.
        """
        new = await self._archive.add(records, own=self._own)
        self._untold.update(dict.fromkeys(new))
        # also what is not new: a run that was killed may have archived it and not tied it
        self._sent.update(dict.fromkeys(r for r in records if r.opercode == OperCode.AGENT_SENT))

    async def news(self, offset: float) -> News:
        """Ties what was archived to the sends it explains; gives what is to be told, with digests.

        `offset` is WeChat's clock minus ours, in seconds.

        Raises:
            DeskError: category STORAGE; nothing is lost, the next call gives it.
        """
        fresh, sent = tuple(self._untold), tuple(self._sent)
        openids = {record.openid for record in fresh}
        digests = await self._archive.digests(openids) if openids else {}
        await self._evidence.tie(sent, offset)
        for table, told in ((self._untold, fresh), (self._sent, sent)):
            for record in told:
                table.pop(record, None)
        return tuple(sorted(fresh, key=lambda record: record.time)), tuple(digests.items())
