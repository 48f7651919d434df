"""A disk that fails for a while: nothing is sent twice, nothing is lost, and the agent is told."""

import asyncio
from typing import Any

import pytest

from kefu_desk.app import compose
from kefu_desk.domain import facts as f
from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.text import text
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.drafts import SqliteDrafts
from kefu_desk.storage.outbox import SqliteOutbox
from tests.desk.shop import SEND, Shop, passes

FULL = Failure(Category.STORAGE, text("failure.storage.full"))
S = SendState


class Disk:
    """Which operations fail how often still."""

    def __init__(self) -> None:
        self.faults: dict[str, int] = {}

    def touch(self, operation: str) -> None:
        if self.faults.get(operation):
            self.faults[operation] -= 1
            raise DeskError(FULL)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()

    class Outbox(SqliteOutbox):
        async def enqueue(self, *args: Any, **more: Any) -> Any:
            disk.touch("enqueue")
            return await super().enqueue(*args, **more)

        async def move(self, item: Any, to: SendState, **more: Any) -> Any:
            disk.touch(to.value)
            return await super().move(item, to, **more)

    class Archive(SqliteArchive):
        async def latest(self, *args: Any) -> Any:
            disk.touch("latest")
            return await super().latest(*args)

    class Drafts(SqliteDrafts):
        async def keep(self, *args: Any) -> Any:
            disk.touch("draft")
            return await super().keep(*args)

    monkeypatch.setattr(compose, "SqliteOutbox", Outbox)
    monkeypatch.setattr(compose, "SqliteArchive", Archive)
    monkeypatch.setattr(compose, "SqliteDrafts", Drafts)
    return disk


async def test_a_text_that_cannot_be_stored_is_refused_and_not_sent(shop: Shop, disk: Disk) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        disk.faults["enqueue"] = 1
        await running.commands.send_text(openid, "一")
        assert running.state.refusal == (openid, FULL)
        await passes(10)
        assert (running.state.outbox, shop.ledger(openid)) == ((), [])
        await running.commands.send_text(openid, "一")
        assert running.state.refusal is None
        await running.until(lambda _: shop.ledger(openid))


async def test_a_send_that_cannot_be_marked_is_not_made_until_it_can(shop: Shop, disk: Disk) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        disk.faults["sending"] = 2
        began = shop.clock.now()
        await running.commands.send_text(openid, "一")
        await passes(1)
        assert shop.calls(SEND) == 0
        assert running.state.notices[-1].failure == FULL
        await running.until(lambda _: shop.ledger(openid), 20)
        assert shop.clock.now() - began == pytest.approx(10, abs=0.1)
        assert len(shop.ledger(openid)) == 1


async def test_an_outcome_that_cannot_be_stored_is_kept_until_it_can(shop: Shop, disk: Disk) -> None:
    openid = shop.served()
    shop.world.chaos.set("records_api_sends", "never")
    async with shop.desk() as running:
        disk.faults["sent"] = 4
        await running.commands.send_text(openid, "一")
        await passes(3.5)
        assert [i.state for i in running.state.outbox] == [S.SENDING]
        assert len(running.state.notices) == 1
        await running.until(lambda s: s.unexplained.get(openid), 2)
        assert shop.calls(SEND) == 1


def refuse_the_text(shop: Shop) -> None:
    """WeChat says once that it does not take this text."""
    shop.world.chaos.set("effect", "never", paths=SEND, times=1)
    shop.world.chaos.set("reply", "code:45002", paths=SEND, times=1)


async def test_a_resend_that_cannot_be_stored_leaves_the_failed_send(shop: Shop, disk: Disk) -> None:
    openid = shop.served()
    refuse_the_text(shop)
    async with shop.desk() as running:
        await running.commands.send_text(openid, "一")
        await running.until(lambda s: s.outbox and s.outbox[0].state is S.FAILED)
        disk.faults["enqueue"] = 1
        await running.commands.send_again(running.state.outbox[0].id)
        assert [i.state for i in running.state.outbox] == [S.FAILED]
        assert running.state.refusal == (openid, FULL)


async def test_two_clicks_on_resend_send_once(shop: Shop) -> None:
    openid = shop.served()
    refuse_the_text(shop)
    async with shop.desk() as running:
        await running.commands.send_text(openid, "一")
        await running.until(lambda s: s.outbox and s.outbox[0].state is S.FAILED)
        number = running.state.outbox[0].id
        await asyncio.gather(running.commands.send_again(number), running.commands.send_again(number))
        await running.until(lambda s: s.unexplained.get(openid), 3)
        await passes(5)
        assert [d.text for d in shop.world.ledger] == ["一"]


async def test_an_archive_that_cannot_be_read_is_told_and_can_be_opened_later(shop: Shop, disk: Disk) -> None:
    openid = shop.served("在吗")
    async with shop.desk() as running:
        disk.faults["latest"] = 1
        await running.commands.open_conversation(openid)
        assert not running.state.conversation.loaded
        assert running.state.notices[-1].failure == FULL
        await running.commands.open_conversation(openid)
        assert [r.text for r in running.state.conversation.records] == ["在吗"]


async def test_a_draft_that_cannot_be_stored_stays_on_screen(shop: Shop, disk: Disk) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        disk.faults["draft"] = 1
        await running.commands.keep_draft(openid, "稍等")
        assert running.state.drafts == {openid: "稍等"}
        (notice,) = running.state.notices
        await running.commands.dismiss(notice.number)
        assert running.state.notices == ()
        before = len(running.of(f.DraftKept))
        await running.commands.keep_draft(openid, "稍等")
        assert len(running.of(f.DraftKept)) == before
