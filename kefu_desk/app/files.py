"""The files of a desk, opened side by side."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from msgspec import Struct

from kefu_desk.storage import ARCHIVE_SCHEMA, OUTBOX_SCHEMA
from kefu_desk.storage.database import Database, Tell
from kefu_desk.storage.keeping import Keeper
from kefu_desk.storage.lane import Hire, own_thread
from kefu_desk.storage.opening import Terms

OUTBOX, ARCHIVE = "outbox.db", "archive.db"


class Files(Struct, frozen=True):
    """Outbox (with the drafts) and archive. `kept` tells that they stay after the program has ended."""

    outbox: Database
    archive: Database
    kept: bool = True

    async def opened(self) -> None:
        """Returns when both are open.

        Raises:
            DeskError: when one of them cannot be opened.
        """
        await self.outbox.opened()
        await self.archive.opened()

    def tell(self, tell: Tell) -> None:
        """Who is told what is found about the files; see `Database.tell`."""
        self.outbox.tell(tell)
        self.archive.tell(tell)


@asynccontextmanager
async def begin_files(
    folder: Path, hire: Hire = own_thread, *, kept: bool = True, read_only: bool = False
) -> AsyncIterator[Files]:
    """Files that their threads begin to open, while the caller does other things until `opened`.

    `kept=False` is for a folder that is thrown away: nothing in it can be old, and nothing is backed up.
    `read_only` leaves both files as they are, whatever version of the program wrote them.
    """
    outbox_keeper, archive_keeper = keepers(folder) if kept and not read_only else (Keeper(), Keeper())
    async with AsyncExitStack() as stack:
        outbox = Database(
            Terms(folder / OUTBOX, OUTBOX_SCHEMA, "FULL", keeper=outbox_keeper, read_only=read_only), hire
        )
        stack.push_async_callback(outbox.close)
        archive = Database(
            Terms(folder / ARCHIVE, ARCHIVE_SCHEMA, "NORMAL", keeper=archive_keeper, read_only=read_only),
            hire,
        )
        stack.push_async_callback(archive.close)
        yield Files(outbox, archive, kept and not read_only)


def keepers(folder: Path) -> tuple[Keeper, Keeper]:
    """Who looks after outbox and archive, which have no write-ahead log in a folder that is shared."""
    from kefu_desk.storage.custody import ArchiveKeeper, OutboxKeeper
    from kefu_desk.storage.place import shared_by

    shared = shared_by(folder)
    return OutboxKeeper(shared), ArchiveKeeper(shared)


@asynccontextmanager
async def open_files(folder: Path, hire: Hire = own_thread, *, kept: bool = True) -> AsyncIterator[Files]:
    """Files that are open; both are closed again when one of them cannot be opened.

    Raises:
        DeskError: when one of them cannot be opened.
    """
    async with begin_files(folder, hire, kept=kept) as files:
        await files.opened()
        yield files
