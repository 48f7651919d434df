"""The index of the archive mends itself while the desk runs."""

import sqlite3

from kefu_desk.domain.search import Search
from kefu_desk.storage.archive import SqliteArchive
from tests.desk.shop import Shop, passes


async def test_a_lost_index_is_made_again_beside_the_desk(shop: Shop) -> None:
    openid = shop.served("我要退款")
    async with shop.desk() as running:
        await running.until(lambda s: openid in s.digests and s.digests[openid].last)
        archive = running.desk._world.archive
        assert isinstance(archive, SqliteArchive)

        def has_index(connection: sqlite3.Connection) -> list[tuple[str]]:
            return connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%fts5%'").fetchall()

        ((name,),) = await archive._database.read(has_index)
        await archive._database.transact(lambda c: c.execute(f'DROP TABLE "{name}"'))
        assert [r.text for r in await archive.search(Search("退款"))] == ["我要退款"]
        await passes(130)
        assert await archive._database.read(has_index) == [(name,)]
        assert not await archive.rebuild_index()
        assert [r.text for r in await archive.search(Search("退款"))] == ["我要退款"]
