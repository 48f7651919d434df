"""Replies go out in the order in which they were typed, however fast."""

import asyncio

from kefu_desk.domain.facts import Fact, OutboxChanged
from kefu_desk.domain.outbox import SendState
from tests.desk.shop import Shop, all_of


async def test_a_line_that_comes_too_late_to_join_is_not_overtaken(shop: Shop) -> None:
    shop.hold = 5.0
    openid = shop.served()
    async with shop.desk() as running:
        third: list[asyncio.Task[bool]] = []

        def type_another(fact: Fact) -> None:
            if isinstance(fact, OutboxChanged) and fact.item.state is SendState.QUEUED and not third:
                third.append(asyncio.create_task(running.commands.send_text(openid, "三")))

        await running.commands.send_text(openid, "一")
        running.desk.store.listen(type_another)
        await all_of(running.commands.release(openid), running.commands.send_text(openid, "二"))
        assert await third[0]
        await running.until(lambda _: len(shop.ledger(openid)) >= 2)
        await running.commands.release(openid)
        await running.until(lambda _: "三" in shop.ledger(openid)[-1].text)
    assert "\n".join(d.text for d in shop.ledger(openid)) == "一\n二\n三"
