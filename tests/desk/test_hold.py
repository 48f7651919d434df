"""A sent line is held for some seconds, in which it can be undone, joined or sent at once (product 3.6)."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.outbox import SendState
from tests.desk.shop import SEND, Running, Shop, passes

S = SendState


@pytest.fixture
def held(shop: Shop) -> Shop:
    shop.hold = 3.0
    return shop


def lines(running: Running) -> list[tuple[str, SendState]]:
    return [(item.text, item.state) for item in running.state.outbox]


async def test_a_line_goes_when_its_time_has_come(held: Shop) -> None:
    openid = held.served()
    async with held.desk() as running:
        assert await running.commands.send_text(openid, "您好")
        assert lines(running) == [("您好", S.HELD)]
        (due,) = running.state.held.values()
        assert due == pytest.approx(held.clock.now() + 3)
        await passes(2.9)
        assert held.calls(SEND) == 0
        await running.until(lambda _: held.ledger(openid), 1)
        assert running.state.held == {}


async def test_five_short_lines_cost_one_send(held: Shop) -> None:
    openid = held.served()
    left = held.world.customers[openid].sends_left
    words = ["在的", "我看一下", "稍等", "查到了", "明天到"]
    async with held.desk() as running:
        for line in words:
            await running.commands.send_text(openid, line)
            await passes(1)
        (item,) = running.state.outbox
        assert (item.lines, item.text) == (5, "\n".join(words))
        assert [t.words for t in running.of(f.ReplyTaken)] == words
        await running.until(lambda s: s.unexplained.get(openid), 10)
    assert [d.text for d in held.ledger(openid)] == ["\n".join(words)]
    assert left is not None
    assert held.world.customers[openid].sends_left == left - 1


async def test_a_line_cannot_be_joined_for_ever(held: Shop) -> None:
    openid = held.served()
    async with held.desk() as running:
        began = held.clock.now()
        for number in range(15):
            await running.commands.send_text(openid, f"第{number}句")
            await passes(2.5)
        first = held.ledger(openid)[0]
        assert first.time - began == pytest.approx(30, abs=1)


async def test_lines_that_are_too_long_together_go_one_after_the_other(held: Shop) -> None:
    openid = held.served()
    async with held.desk() as running:
        for line in ("一" * 400, "二" * 400):
            await running.commands.send_text(openid, line)
        assert [state for _, state in lines(running)] == [S.HELD, S.HELD]
        await running.until(lambda s: not s.outbox, 10)
    assert [d.text[0] for d in held.ledger(openid)] == ["一", "二"]


async def test_lines_to_two_customers_do_not_mix(held: Shop) -> None:
    one, two = held.served(), held.served()
    async with held.desk() as running:
        await running.commands.send_text(one, "甲")
        await running.commands.send_text(two, "乙")
        await running.until(lambda s: not s.outbox, 10)
    assert [[d.text for d in held.ledger(who)] for who in (one, two)] == [["甲"], ["乙"]]


async def test_undo_brings_the_words_back_and_nothing_goes(held: Shop) -> None:
    openid = held.served()
    async with held.desk() as running:
        await running.commands.send_text(openid, "一")
        await running.commands.send_text(openid, "二")
        assert await running.commands.undo(openid) == "一\n二"
        (back,) = running.of(f.WordsReturned)
        assert (back.openid, back.words, back.draft) == (openid, "一\n二", "一\n二")
        assert running.state.drafts == {openid: "一\n二"}
        assert running.state.outbox == ()
        assert await running.commands.undo(openid) == ""
        await passes(10)
    assert (held.calls(SEND), held.ledger(openid)) == (0, [])


async def test_a_line_is_sent_at_once_when_asked_for(held: Shop) -> None:
    one, two = held.served(), held.served()
    async with held.desk() as running:
        await running.commands.send_text(one, "一")
        await running.commands.send_text(two, "二")
        await running.commands.release(one)
        await passes(0.5)
        assert (len(held.ledger(one)), len(held.ledger(two))) == (1, 0)


async def test_undo_and_release_at_the_same_time_agree(held: Shop) -> None:
    for _ in range(5):
        openid = held.served()
        async with held.desk() as running:
            await running.commands.send_text(openid, "一")
            words, _ = await asyncio.gather(running.commands.undo(openid), running.commands.release(openid))
            await passes(10)
            assert len(held.ledger(openid)) == (0 if words else 1)
            assert running.state.drafts.get(openid, "") == words


async def test_nothing_overtakes_a_held_line(held: Shop) -> None:
    openid = held.served()
    async with held.desk() as running:
        held.world.chaos.set("reply", "slow:5", paths=SEND, times=1)
        await running.commands.send_text(openid, "一")
        await running.until(lambda s: s.outbox[0].state is S.SENDING, 5)
        await running.commands.send_text(openid, "二")
        running.desk.store.dispatch(f.PolicySet(0.0, running.state.policy.rule))
        await running.commands.send_text(openid, "三")
        assert [state for _, state in lines(running)] == [S.SENDING, S.HELD, S.QUEUED]
        await running.until(lambda s: not s.outbox, 20)
    assert [d.text for d in held.ledger(openid)] == ["一", "二", "三"]


async def test_a_held_line_survives_a_crash_and_can_still_be_undone(held: Shop) -> None:
    openid = held.served()
    async with held.desk() as running:
        await running.commands.send_text(openid, "一")
        running.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running.task
        running.task = asyncio.create_task(asyncio.sleep(0))
    with closing(sqlite3.connect(held.folder / "outbox.db")) as connection:
        assert connection.execute("SELECT state FROM outbox").fetchall() == [("held",)]
    async with held.desk() as running:
        assert lines(running) == [("一", S.HELD)]
        assert await running.commands.undo(openid) == "一"
    async with held.desk() as running:
        assert running.state.drafts == {openid: "一"}
    assert held.ledger(openid) == []


async def test_a_held_line_goes_when_the_program_ends(held: Shop) -> None:
    openid = held.served()
    async with held.desk() as running:
        await running.commands.send_text(openid, "一")
    assert [d.text for d in held.ledger(openid)] == ["一"]
