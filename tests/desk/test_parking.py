"""What cannot be sent waits for the customer and comes back as a draft; it never goes by itself."""

import asyncio

from kefu_desk.domain import facts as f
from kefu_desk.domain.allowance import window_of
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import Decision, SendState
from tests.desk.shop import SEND, Running, Shop, passes

S = SendState


async def refused(shop: Shop, running: Running) -> OpenId:
    """A customer whose replies are used up, with one failed and two parked messages."""
    openid = shop.served()
    shop.world.customers[openid].sends_left = 0
    await running.commands.open_conversation(openid)
    shop.world.chaos.set("reply", "slow:1", paths=SEND, times=1)
    for words in ("一", "二", "三"):
        await running.commands.send_text(openid, words)
    await running.until(lambda s: openid in s.refusals, 10)
    return openid


async def test_f_e11_a_refusal_parks_what_waits_and_burns_nothing(shop: Shop) -> None:
    async with shop.desk() as running:
        openid = await refused(shop, running)
        assert [i.state for i in running.state.outbox] == [S.FAILED, S.PARKED, S.PARKED]
        assert not await running.commands.send_text(openid, "四")
        assert running.state.refusal[1].text.key == "failure.allowance_used"
        await passes(60)
        assert (shop.calls(SEND), shop.ledger(openid)) == (1, [])


async def test_parked_words_come_back_as_a_draft_when_the_customer_writes(shop: Shop) -> None:
    async with shop.desk() as running:
        openid = await refused(shop, running)
        await running.commands.keep_draft(openid, "还有")
        await running.commands.park_failed(running.state.outbox[0].id)
        assert [i.text for i in running.state.outbox if i.state is S.PARKED] == ["二", "三", "一"]
        await passes(5)
        shop.says(openid, "怎么不理我")
        await running.until(lambda s: s.drafts.get(openid) == "还有\n二\n三\n一", 40)
        assert running.state.outbox == ()
        assert running.state.refusals == {}
        assert running.state.notices[-1].words.key == "notice.parked_back"
        await passes(60)
        assert (shop.calls(SEND), shop.ledger(openid)) == (1, [])
        assert await running.commands.send_text(openid, "都在这里")
        await running.until(lambda _: shop.ledger(openid), 10)
    async with shop.desk() as running:
        assert running.state.drafts == {openid: "还有\n二\n三\n一"}


async def test_a_reply_can_be_parked_without_trying(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        assert await running.commands.park(openid, "以后再说")
        assert [i.state for i in running.state.outbox] == [S.PARKED]
        assert await running.commands.send_text(openid, "您好")
        await running.until(lambda _: shop.ledger(openid), 10)
        await running.commands.set_aside(running.state.outbox[0].id)
        assert running.state.drafts == {openid: "以后再说"}
        assert [d.text for d in shop.ledger(openid)] == ["您好"]


async def test_the_sixth_send_is_refused_before_the_call(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.until(lambda s: openid in s.digests and s.digests[openid].last_customer_time)
        for number in range(5):
            assert await running.commands.send_text(openid, f"第{number}条")
            await running.until(lambda s: not s.outbox, 10)
        assert not await running.commands.send_text(openid, "第六条")
        assert running.state.refusal[1].text.key == "composer.grant.used"
        assert (shop.calls(SEND), len(shop.ledger(openid))) == (5, 5)
        assert await running.commands.send_text(openid, "第六条", anyway=True)
        await running.until(lambda s: openid in s.refusals, 10)
        assert shop.calls(SEND) == 6


async def test_an_unknown_send_counts_as_used(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.until(lambda s: openid in s.digests and s.digests[openid].last_customer_time)
        shop.world.chaos.set("records_api_sends", "never")
        shop.world.chaos.set("fault", "-1_before", paths=SEND)
        for number in range(5):
            assert await running.commands.send_text(openid, f"第{number}条")
            await running.until(lambda s: s.outbox[-1].state is S.UNKNOWN, 10)
            if number < 4:
                await running.commands.answer(running.state.outbox[-1].id, Decision.ARRIVED)
        assert not await running.commands.send_text(openid, "第六条")
        assert len(running.of(f.SendRefused)) == 1


async def test_what_may_be_sent_is_never_counted_too_high(shop: Shop) -> None:
    """Between a send and its record, and from the one to the other, the allowance only falls."""
    openid = shop.served()
    lefts: list[int | None] = []
    async with shop.desk() as running:
        await running.until(lambda s: openid in s.digests and s.digests[openid].last_customer_time)

        def look() -> None:
            window = window_of(running.state, openid)
            if window is not None:
                lefts.append(window.left)

        loop = asyncio.get_running_loop()
        running.desk.store.listen(lambda _: loop.call_soon(look))
        for number in range(3):
            await running.commands.send_text(openid, f"第{number}条")
            await running.until(lambda s: not s.outbox, 10)
        await running.until(lambda s: s.digests[openid].agent_sends == 3 and not s.unexplained, 60)
    assert lefts[-1] == 2
    assert lefts == sorted(lefts, reverse=True)
