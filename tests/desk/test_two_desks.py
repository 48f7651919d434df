"""One agent account at two computers: nobody is served twice, and each sees what the other sent."""

import asyncio
from copy import copy

from kefu_desk.domain.outbox import SendState
from tests.desk.shop import Running, Shop, all_of


def beside(shop: Shop) -> Shop:
    """The same shop and agent at another computer."""
    other = copy(shop)
    other.folder = shop.folder / "other"
    other.folder.mkdir()
    return other


def texts(running: Running) -> list[str]:
    assert running.state.conversation is not None
    return [record.text for record in running.state.conversation.records]


async def test_f_s18_two_desks_of_one_agent_share_a_customer_and_double_nothing(shop: Shop) -> None:
    openid = shop.customer()
    async with shop.desk() as one, beside(shop).desk() as two:
        for each in (one, two):
            await each.until(lambda s: openid in {c.openid for c in s.queue.cases}, 20)
        await all_of(one.commands.accept(openid), two.commands.accept(openid))
        for each in (one, two):
            await each.until(lambda s: [i.openid for i in s.sessions.items] == [openid], 90)
            assert openid not in {c.openid for c in each.state.queue.cases}
            await each.commands.open_conversation(openid)
        assert set(shop.world.sessions) == {openid}

        assert await one.commands.send_text(openid, "我来看看")
        assert await two.commands.send_text(openid, "请稍等")
        for each in (one, two):
            await each.until(lambda s: not s.outbox, 60)
            await each.until(lambda s: {"我来看看", "请稍等"} <= {r.text for r in s.conversation.records}, 60)
        assert sorted(d.text for d in shop.ledger(openid)) == sorted(["我来看看", "请稍等"])
        for each, own in ((one, "我来看看"), (two, "请稍等")):
            await each.until(lambda s: all(i.evidence for i in s.conversation.items), 60)
            items = each.state.conversation.items
            assert [(i.text, i.state) for i in items] == [(own, SendState.SENT)], (
                "the other line is a record only"
            )
            assert sorted(texts(each)).count(own) == 1


async def test_f_s18_what_the_other_desk_sent_proves_nothing_about_an_older_send(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as one, beside(shop).desk() as two:
        for each in (one, two):
            await each.commands.open_conversation(openid)
        shop.world.chaos.set("effect", "unseen", paths="custom/send", times=1)
        shop.world.chaos.set("reply", "-1", paths="custom/send", times=1)
        assert await one.commands.send_text(openid, "您好，在的")
        await one.until(lambda s: [i.state for i in s.outbox] == [SendState.UNKNOWN])
        assert await two.commands.send_text(openid, "您好，别的话")
        await one.until(lambda s: "您好，别的话" in [r.text for r in s.conversation.records], 60)
        await asyncio.sleep(300)
        assert [i.state for i in one.state.outbox] == [SendState.UNKNOWN]
        assert [d.text for d in shop.ledger(openid)] == ["您好，别的话"]
