"""Brings the index of the archive up to date, some at a time: after an upgrade, and after damage to it."""

import asyncio

from kefu_desk.desk.ports import Archive, Clock
from kefu_desk.domain.failure import DeskError

FIRST = 5.0
"""Seconds after the start, which has better things to do."""

EACH = 60.0
BREATH = 0.05


class Indexer:
    """Indexes what the search would otherwise have to read; a search is right without it, and slower."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock

    async def run(self) -> None:
        """Serves for ever."""
        never, pause = asyncio.Event(), FIRST
        while True:
            await self._clock.pause(pause, never)
            try:
                pause = BREATH if await self._archive.rebuild_index() else EACH
            except DeskError:  # whoever reads or writes next tells it
                pause = EACH
