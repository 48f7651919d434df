"""The files of a desk, opened side by side."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from msgspec import Struct

from kefu_desk.storage import ARCHIVE_SCHEMA, OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.lane import Hire, own_thread


class Files(Struct, frozen=True):
    """Outbox (with the drafts) and archive."""

    outbox: Database
    archive: Database

    async def opened(self) -> None:
        """Returns when both are open.

        Raises:
            DeskError: when one of them cannot be opened.
        """
        await self.outbox.opened()
        await self.archive.opened()


@asynccontextmanager
async def begin_files(folder: Path, hire: Hire = own_thread) -> AsyncIterator[Files]:
    """Files that their threads begin to open, while the caller does other things until `opened`."""
    async with AsyncExitStack() as stack:
        outbox = Database.begin(folder / "outbox.db", schema=OUTBOX_SCHEMA, synchronous="FULL", hire=hire)
        stack.push_async_callback(outbox.close)
        archive = Database.begin(
            folder / "archive.db", schema=ARCHIVE_SCHEMA, synchronous="NORMAL", hire=hire
        )
        stack.push_async_callback(archive.close)
        yield Files(outbox, archive)


@asynccontextmanager
async def open_files(folder: Path, hire: Hire = own_thread) -> AsyncIterator[Files]:
    """Files that are open; both are closed again when one of them cannot be opened.

    Raises:
        DeskError: when one of them cannot be opened.
    """
    async with begin_files(folder, hire) as files:
        await files.opened()
        yield files
