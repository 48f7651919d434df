"""Files of a newer version are only looked at: by a desk that asks, sends and writes nothing."""

import asyncio
import hashlib
from pathlib import Path

from kefu_desk.app.files import begin_files, open_files
from kefu_desk.app.reading import open_reading_desk
from kefu_desk.domain.failure import Category, Failure
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.messages import Record
from kefu_desk.domain.text import text
from kefu_desk.presenters.banners import present_banners
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.drafts import SqliteDrafts
from kefu_desk.storage.outbox import SqliteOutbox

ME = AgentId("kf2001@luye")
NEWER = Failure(Category.STORAGE, text("failure.storage.newer", file="archive.db"))


async def left_by_a_newer_version(folder: Path) -> dict[str, str]:
    async with open_files(folder, kept=False) as files:
        records = [Record(f"o{n % 3}", ME, 2003, f"{n} 在吗", 1_700_000_000 + n, 0) for n in range(9)]
        await SqliteArchive(files.archive).add(records)
        await SqliteOutbox(files.outbox).enqueue("o1", ME, "等待", now=1.0)
        await SqliteDrafts(files.outbox).keep("o2", "草稿")
        for database in (files.archive, files.outbox):
            await database.transact(lambda c: c.execute("PRAGMA user_version = 99"))
    return digests(folder)


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


async def test_f_s14_conversations_can_be_read_and_nothing_else(tmp_path: Path) -> None:
    before = await left_by_a_newer_version(tmp_path)
    async with (
        begin_files(tmp_path, read_only=True) as files,
        open_reading_desk(files, "店", ME, NEWER) as desk,
    ):
        await files.opened()
        closing, listed = asyncio.Event(), asyncio.Event()
        desk.store.listen(lambda _: listed.set() if desk.store.state.sessions.known else None)
        async with asyncio.TaskGroup() as group:
            group.create_task(desk.run(closing))
            async with asyncio.timeout(20):
                await listed.wait()
            assert [s.openid for s in desk.store.state.sessions.items] == ["o2", "o1", "o0"]
            await desk.commands.open_conversation("o1")
            talk = desk.store.state.conversation
            assert talk is not None
            assert [r.text for r in talk.records] == ["1 在吗", "4 在吗", "7 在吗"]
            assert not await desk.commands.send_text("o1", "新的")
            await desk.commands.keep_draft("o1", "新的")
            await desk.commands.close("o1")
            await desk.commands.accept("o9")
            banner = present_banners(desk.store.state, 1_700_000_100.0)[0]
            assert (banner.key, banner.words.key) == ("storage", "banner.read_only")
            assert desk.store.state.outbox == ()
            closing.set()
    assert digests(tmp_path) == before
