"""A full or broken disk under a real desk: what is on screen is true, and comes right when there is room."""

import pytest

from kefu_desk.domain.facts import NoticeRaised
from kefu_desk.domain.outbox import SendState
from kefu_desk.presenters.banners import present_banners
from kefu_desk.presenters.tone import Tone
from kefu_desk.storage.custody import RESERVE
from kefu_desk.storage.database import Database
from tests.desk.faulty import BROKEN, HELD, Switch, all_writes, install, step_to
from tests.desk.shop import SEND, Running, Shop, is_open, passes

S = SendState
LONG = "好" * 600
"""Needs a page of its own."""


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Switch:
    return install(monkeypatch)


def outbox_of(running: Running) -> Database:
    return running.desk._world.outbox._database  # type: ignore[attr-defined]


def banners(shop: Shop, running: Running) -> list[str]:
    found = present_banners(running.state, shop.clock.now())
    return [banner.words.key for banner in found if banner.key == "storage" and banner.tone is Tone.LATE]


async def test_f_s03_a_full_disk_takes_no_text_and_says_so(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        database = outbox_of(running)
        pages = await database.transact(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
        await database.transact(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchall())
        taken = [True]
        while taken[-1] and len(taken) < 30:
            taken.append(await running.commands.send_text(openid, LONG))
            await passes(10)
        assert not taken[-1]
        assert running.state.refusal is not None
        assert running.state.refusal[1].text.key == "failure.storage.full"
        assert banners(shop, running) == ["banner.disk_full"]
        await passes(60)
        rows = sum(taken) - 1
        assert len(shop.ledger(openid)) == rows
        await database.transact(lambda c: c.execute("PRAGMA max_page_count = 100000").fetchall())
        assert banners(shop, running) == []
        assert await running.commands.send_text(openid, LONG)
        await running.until(lambda _: len(shop.ledger(openid)) == rows + 1, 60)


async def test_f_s04_what_cannot_be_marked_as_under_way_is_not_sent(shop: Shop, switch: Switch) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        switch.fail(step_to("sending"))
        await running.commands.send_text(openid, "一")
        await passes(60)
        assert switch.failed > 3
        assert (shop.calls(SEND), shop.ledger(openid)) == (0, [])
        assert [i.state for i in running.state.outbox] == [S.QUEUED]
        assert banners(shop, running) == ["banner.disk_full"]
        switch.mend()
        await running.until(lambda _: shop.ledger(openid), 30)
        assert len(shop.ledger(openid)) == 1
        assert banners(shop, running) == []


async def test_f_s05_an_outcome_is_kept_and_tried_again_each_second(shop: Shop, switch: Switch) -> None:
    openid = shop.served()
    shop.world.chaos.set("records_api_sends", "never")
    async with shop.desk() as running:
        switch.fail(step_to("sent"), times=5)
        await running.commands.send_text(openid, "一")
        await running.until(lambda _: shop.ledger(openid))
        await passes(3)
        assert [i.state for i in running.state.outbox] == [S.SENDING]
        assert banners(shop, running) == ["banner.disk_full"]
        await running.until(lambda s: not s.outbox, 4)
        assert shop.calls(SEND) == 1
        assert banners(shop, running) == []


async def test_f_s05_the_reserve_makes_room_for_an_outcome(shop: Shop, switch: Switch) -> None:
    openid = shop.served()
    reserve = shop.folder / RESERVE
    async with shop.desk() as running:
        await passes(60)
        assert reserve.stat().st_size == 1_000_000
        switch.fail(step_to("sending"), times=1)
        await running.commands.send_text(openid, "一")
        await running.until(lambda _: switch.failed)
        await passes(1)
        assert reserve.exists()  # only for outcomes
        switch.fail(step_to("sent"), times=1)
        await running.until(lambda _: shop.ledger(openid), 30)
        await running.until(lambda s: not any(i.state is S.SENDING for i in s.outbox), 1)
        assert not reserve.exists()
        switch.mend()
        await passes(3700)
        assert reserve.exists()


async def test_f_s05_after_a_restart_it_is_unknown_and_looked_for(shop: Shop, switch: Switch) -> None:
    openid = shop.served()
    shop.world.chaos.set("reply", "http_500", paths="msgrecord")
    async with shop.desk(is_open) as running:
        switch.fail(step_to("sent"))
        await running.commands.send_text(openid, "一")
        await running.until(lambda _: shop.ledger(openid))
        await passes(3)
    switch.mend()
    async with shop.desk(is_open) as running:
        await passes(1)
        recovered = running.state.outbox or running.state.unexplained.get(openid, ())
        assert [i.state for i in recovered] == [S.UNKNOWN]
        shop.world.chaos.clear()
        await running.until(lambda s: not s.outbox, 200)
        assert shop.calls(SEND) == 1
    assert len(shop.ledger(openid)) == 1


async def test_f_s06_a_broken_disk_is_read_on(shop: Shop, switch: Switch) -> None:
    await read_on(shop, switch, BROKEN)


async def test_f_s08_a_file_that_another_program_holds_is_read_on(shop: Shop, switch: Switch) -> None:
    await read_on(shop, switch, HELD)


async def read_on(shop: Shop, switch: Switch, kind: tuple[int, str]) -> None:
    """Nothing is accepted while nothing can be written; everything else goes on."""
    openid = shop.served("在吗")
    async with shop.desk() as running:
        switch.fail(all_writes, kind)
        assert not await running.commands.send_text(openid, "一")
        await passes(300)
        key = "failure.storage.io" if kind is BROKEN else "failure.storage.locked"
        assert banners(shop, running) == [key]
        await running.commands.open_conversation(openid)
        assert [r.text for r in running.state.conversation.records] == ["在吗"]
        assert shop.ledger(openid) == []
        assert running.state.queue.known
        switch.mend()
        assert await running.commands.send_text(openid, "一")
        await running.until(lambda _: shop.ledger(openid), 30)
        await running.until(lambda _: not banners(shop, running), 90, "both files work again")
        assert len(running.of(NoticeRaised)) < 200
