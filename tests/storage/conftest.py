from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kefu_desk.storage import ARCHIVE_SCHEMA, OUTBOX_SCHEMA
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.database import Database
from kefu_desk.storage.outbox import SqliteOutbox


@pytest.fixture
async def outbox_file(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database.open(tmp_path / "outbox.db", schema=OUTBOX_SCHEMA, synchronous="FULL") as database:
        yield database


@pytest.fixture
def outbox(outbox_file: Database) -> SqliteOutbox:
    return SqliteOutbox(outbox_file)


@pytest.fixture
async def archive_file(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database.open(
        tmp_path / "archive.db", schema=ARCHIVE_SCHEMA, synchronous="NORMAL"
    ) as database:
        yield database


@pytest.fixture
def archive(archive_file: Database) -> SqliteArchive:
    return SqliteArchive(archive_file)
