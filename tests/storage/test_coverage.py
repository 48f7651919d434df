"""What was read completely is remembered on disk."""

from pathlib import Path

from kefu_desk.domain.coverage import Span
from kefu_desk.storage import ARCHIVE_SCHEMA
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.database import Database


async def test_spans_grow_together_and_survive(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    async with Database.open(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL") as database:
        archive = SqliteArchive(database)
        assert await archive.covered() == ()
        for span in (Span(100, 200), Span(400, 500), Span(0, 10), Span(201, 399)):
            await archive.cover(span)
    async with Database.open(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL") as database:
        archive = SqliteArchive(database)
        assert await archive.covered() == (Span(0, 10), Span(100, 500))
        await archive.cover(Span(150, 160))
        assert await archive.covered() == (Span(0, 10), Span(100, 500))
