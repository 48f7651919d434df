"""What a new start makes of the outbox, the archive and the drafts of the run before (reliability 1.8)."""

import asyncio
import socket
import sqlite3
from contextlib import closing

import httpx
import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.failure import Category
from kefu_desk.domain.messages import Record
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.storage import ARCHIVE_SCHEMA
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.database import Database
from tests.desk.shop import SEND, Shop, passes

S = SendState


def stored(shop: Shop) -> list[tuple[int, str, str]]:
    """The outbox as it lies on the disk."""
    with closing(sqlite3.connect(shop.folder / "outbox.db")) as connection:
        return list(connection.execute("SELECT id, state, text FROM outbox ORDER BY id"))


def outbox(state: DeskState) -> list[tuple[str, SendState]]:
    return [(item.text, item.state) for item in state.outbox]


class Cable(httpx.AsyncBaseTransport):
    """The way to the shop; unplugged, it leads to a port of this computer where nobody listens."""

    def __init__(self, shop: httpx.AsyncBaseTransport) -> None:
        self._shop = shop
        self._nobody = httpx.AsyncHTTPTransport()
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self._port = listener.getsockname()[1]
        self.plugged = True
        self.refused = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.plugged:
            return await self._shop.handle_async_request(request)
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        self.refused += 1
        return await self._nobody.handle_async_request(
            httpx.Request(request.method, url, headers=request.headers, extensions=request.extensions)
        )

    async def aclose(self) -> None:
        await self._nobody.aclose()


async def test_without_a_network_a_send_waits_and_goes_out_once_when_it_is_back(shop: Shop) -> None:
    openid = shop.served()
    cable = shop.transport = Cable(shop.transport)
    async with shop.desk() as running:
        cable.plugged = False
        await running.commands.send_text(openid, "一")
        await running.commands.send_text(openid, "二")
        await passes(45)
        assert outbox(running.state) == [("一", S.QUEUED), ("二", S.QUEUED)]
        failure = running.state.outbox[0].failure
        assert failure is not None
        assert failure.category is Category.NETWORK
        assert 5 <= running.state.outbox[0].attempts <= 7
        assert cable.refused > 10
        assert shop.calls(SEND) == 0
        cable.plugged = True
        await running.until(lambda s: not s.outbox, 40)
        assert [d.text for d in shop.ledger(openid)] == ["一", "二"]


async def test_waiting_for_the_network_does_not_hold_up_the_end_of_the_program(shop: Shop) -> None:
    openid = shop.served()
    cable = shop.transport = Cable(shop.transport)
    async with shop.desk() as running:
        cable.plugged = False
        await running.commands.send_text(openid, "一")
        await passes(20)
        began = shop.clock.now()
        running.closing.set()
        await running.task
        assert shop.clock.now() - began < 1
    assert stored(shop) == [(1, "queued", "一")]
    cable.plugged = True
    async with shop.desk() as running:
        await running.until(lambda _: shop.ledger(openid))
    assert [d.text for d in shop.ledger(openid)] == ["一"]


async def killed_while_sending(shop: Shop, openid: str) -> None:
    """A run that ends while WeChat has the text and its answer has not come; a second text is queued."""
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "slow:15", paths=SEND, times=1)
        await running.commands.send_text(openid, "一")
        await running.commands.send_text(openid, "二")
        await running.until(lambda s: outbox(s) == [("一", S.SENDING), ("二", S.QUEUED)], 2)
        running.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running.task
        running.task = asyncio.create_task(asyncio.sleep(0))
    assert stored(shop) == [(1, "sending", "一"), (2, "queued", "二")]


async def test_a_send_under_way_is_unknown_after_a_crash_and_explained_by_its_record(shop: Shop) -> None:
    openid = shop.served()
    await killed_while_sending(shop, openid)
    async with shop.desk() as running:
        (recovered,) = running.of(f.OutboxRecovered)
        assert [(i.text, i.state) for i in recovered.items] == [("一", S.UNKNOWN), ("二", S.QUEUED)]
        await running.until(lambda s: not s.outbox, 30)
        await passes(30)
    assert [d.text for d in shop.ledger(openid)] == ["一", "二"]
    assert [state for _, state, _ in stored(shop)] == ["sent", "sent"]


async def test_without_a_record_it_stays_unknown_and_is_never_sent_again(shop: Shop) -> None:
    openid = shop.served()
    shop.world.chaos.set("records_api_sends", "never")
    await killed_while_sending(shop, openid)
    async with shop.desk() as running:
        await passes(200)
        assert outbox(running.state) == [("一", S.UNKNOWN), ("二", S.QUEUED)]
    assert [d.text for d in shop.ledger(openid)] == ["一"]


async def test_a_crash_between_archive_and_evidence_is_made_good(shop: Shop) -> None:
    openid = shop.served()
    await killed_while_sending(shop, openid)
    shop.now()
    record = next(r for r in shop.world.records.all if r.text == "一")
    known = Record(record.openid, record.worker, record.opercode, record.text, record.time)
    async with Database.open(
        shop.folder / "archive.db", schema=ARCHIVE_SCHEMA, synchronous="NORMAL"
    ) as database:
        await SqliteArchive(database).add([known])
    async with shop.desk() as running:
        await running.until(lambda s: not s.outbox, 30)
    assert [state for _, state, _ in stored(shop)] == ["sent", "sent"]


async def test_a_failed_send_of_an_earlier_run_can_still_be_sent_again(shop: Shop) -> None:
    openid = shop.served()
    shop.world.customers[openid].sends_left = 0
    async with shop.desk() as running:
        await running.commands.send_text(openid, "一")
        await running.until(lambda s: outbox(s) == [("一", S.FAILED)])
    shop.says(openid, "在吗")
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        (item,) = running.state.conversation.items
        assert item.state is S.FAILED
        await running.commands.send_again(item.id)
        await running.until(lambda _: shop.ledger(openid))
    assert [d.text for d in shop.ledger(openid)] == ["一"]


async def test_conversation_and_drafts_are_there_after_a_restart(shop: Shop) -> None:
    openid = shop.served("我的快递到哪了")
    async with shop.desk() as running:
        await running.commands.send_text(openid, "正在查")
        await running.commands.keep_draft(openid, "预计明天")
        await running.until(lambda s: openid in s.digests and s.digests[openid].agent_sends, 20)
    async with shop.desk() as running:
        assert running.state.drafts == {openid: "预计明天"}
        await running.commands.open_conversation(openid)
        talk = running.state.conversation
        assert [r.text for r in talk.records] == ["我的快递到哪了", "正在查"]
        assert [(i.state, i.evidence) for i in talk.items] == [(S.SENT, True)]
        assert len(talk.claimed) == 1
        await running.commands.keep_draft(openid, "")
    async with shop.desk() as running:
        assert running.state.drafts == {}
