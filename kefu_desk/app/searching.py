"""`kefu-desk search`: words in the messages of this computer, without WeChat and without the secret."""

from pathlib import Path
from typing import Any

from kefu_desk.app.files import ARCHIVE
from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.messages import Record
from kefu_desk.domain.search import Search
from kefu_desk.domain.text import verbatim
from kefu_desk.storage import ARCHIVE_SCHEMA
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.database import Database
from kefu_desk.storage.migrate import scripts, version_of
from kefu_desk.storage.opening import Terms


async def search(folder: Path, query: Search) -> list[dict[str, Any]]:
    """The newest messages with the words, newest first, as JSON values; a desk may run meanwhile.

    Raises:
        DeskError: when there is no archive, or it cannot be read or is older than this program.
    """
    path = folder / ARCHIVE
    if not path.exists():
        raise refused(path, "there are no messages yet; open the desk first")
    database = Database(Terms(path, ARCHIVE_SCHEMA, "NORMAL", read_only=True))
    try:
        await database.opened()
        if await database.read(version_of) < len(scripts(ARCHIVE_SCHEMA)):
            raise refused(path, "an older version of kefu-desk wrote it; open the desk once")
        return [row(record) for record in await SqliteArchive(database).search(query)]
    finally:
        await database.close()


def refused(path: Path, reason: str) -> DeskError:
    """A folder without an archive that can be searched."""
    return DeskError(Failure(Category.STORAGE, verbatim(f"{path.name}: {reason}"), subject=str(path)))


def row(record: Record) -> dict[str, Any]:
    """A message with WeChat's names for its parts."""
    return {
        "time": record.time,
        "openid": record.openid,
        "worker": record.worker,
        "opercode": int(record.opercode),
        "text": record.text,
    }
