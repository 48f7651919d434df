"""Folders that other computers share, and the age of SQLite."""

import sqlite3
from pathlib import Path

import pytest

from kefu_desk.storage import ARCHIVE_SCHEMA, OUTBOX_SCHEMA
from kefu_desk.storage.custody import ArchiveKeeper, OutboxKeeper
from kefu_desk.storage.database import Database
from kefu_desk.storage.outbox import SqliteOutbox
from kefu_desk.storage.place import log_fault, read_mounts, shared_by, system_of

MOUNTS = """22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:30 / /srv/a rw shared:2 - nfs4 server:/home rw
31 30 0:31 / /srv/a/local\\040disk rw - ext4 /dev/vdb rw
32 22 0:32 / /mnt/team rw shared:9 - cifs //server/team rw
33 22 0:33 / /media/b rw - fuse.sshfs host: rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/x", ""),
        ("/srv/a/.local/share/kefu-desk", "nfs4"),
        ("/srv/a/local disk/kefu", ""),
        ("/mnt/team/kefu", "cifs"),
        ("/mnt/teams/kefu", ""),
        ("/media/b", "fuse.sshfs"),
        ("/srv/b/OneDrive - Luye/kefu", "OneDrive - Luye"),
        ("/srv/b/Dropbox/x", "Dropbox"),
        ("/srv/b/Library/Mobile Documents/x", "Mobile Documents"),
        ("/srv/b/坚果云/x", "坚果云"),
    ],
)
def test_f_s16_shared_folders_are_known(folder: str, kind: str) -> None:
    assert shared_by(Path(folder), MOUNTS, "linux") == kind


def test_f_s16_windows_names_a_share_by_its_path() -> None:
    assert shared_by(Path("/disk/x"), "", "darwin") == ""
    assert system_of(Path("/x"), "") == ""
    assert isinstance(read_mounts(), str)


async def test_f_s16_no_write_ahead_log_on_a_shared_folder(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    async with Database.open(path, schema=OUTBOX_SCHEMA, synchronous="FULL") as database:
        await SqliteOutbox(database).enqueue("o1", "a@b", "before it was moved", now=1.0)
    for _ in range(2):
        keeper = OutboxKeeper("nfs4")
        async with Database.open(path, schema=OUTBOX_SCHEMA, synchronous="FULL", keeper=keeper) as database:
            found = await database.transact(
                lambda c: [
                    c.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
                ]
            )
            assert found == ["delete", 2]
            assert [f.words.key for f in database.findings][-1:] in (
                ["found.shared"],
                ["found.outbox.elsewhere"],
            )
            await SqliteOutbox(database).enqueue("o1", "a@b", "there", now=1.0)
            assert not path.with_name("outbox.db-wal").exists()
    assert [f.words.key for f in database.findings] == ["found.shared"]
    archive = tmp_path / "archive.db"
    async with Database.open(
        archive, schema=ARCHIVE_SCHEMA, synchronous="NORMAL", keeper=ArchiveKeeper("nfs4")
    ) as database:
        assert await database.read(lambda c: c.execute("PRAGMA journal_mode").fetchone()[0]) == "delete"


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_f_s21_an_old_sqlite_is_known(version: tuple[int, int, int], old: bool) -> None:
    assert log_fault(version) is old
    assert log_fault() is log_fault(sqlite3.sqlite_version_info)


async def test_f_s21_one_connection_alone_writes_and_moves_the_log(tmp_path: Path) -> None:
    async with Database.open(tmp_path / "outbox.db", schema=OUTBOX_SCHEMA, synchronous="FULL") as database:
        pragma = "PRAGMA wal_autocheckpoint"
        writer = await database.transact(lambda c: c.execute(pragma).fetchone()[0])
        reader = await database.read(lambda c: c.execute(pragma).fetchone()[0])
        aside = await database.aside(lambda c: c.execute(pragma).fetchone()[0])
        assert writer > 0
        assert (reader, aside) == (0, 0)
        assert await database.aside(lambda c: c.execute("PRAGMA query_only").fetchone()[0]) == 1
