from contextlib import AbstractAsyncContextManager
from pathlib import Path

from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.drafts import SqliteDrafts


async def test_drafts_survive_and_empty_ones_are_forgotten(tmp_path: Path) -> None:
    def opened() -> AbstractAsyncContextManager[Database]:
        return Database.open(tmp_path / "outbox.db", schema=OUTBOX_SCHEMA, synchronous="FULL")

    async with opened() as database:
        drafts = SqliteDrafts(database)
        assert await drafts.load() == {}
        await drafts.keep("o1", "first")
        await drafts.keep("o1", "second 第二\n")
        await drafts.keep("o2", "gone")
        await drafts.keep("o2", "")
        await drafts.keep("o3", "")
    async with opened() as database:
        assert await SqliteDrafts(database).load() == {"o1": "second 第二\n"}
