"""The main job: accept, read, answer, close; told once by the phone, the records and the timeline."""

from kefu_desk.domain.outbox import SendState
from kefu_desk.presenters.chat import ChatPresenter
from kefu_desk.presenters.timeline import RowKind, Side
from tests.desk.shop import ME, SEND, Shop, passes

WORDS = "您好，已为您查到👨‍👩‍👧 单号 20260922，请放心🙂"


async def test_a_customer_is_accepted_read_answered_and_closed(shop: Shop) -> None:
    openid = shop.customer("我的快递到哪了")
    async with shop.desk() as running:
        await running.until(lambda s: [c.openid for c in s.queue.cases] == [openid])
        await running.commands.accept(openid)
        state = running.state
        assert state.queue.cases == ()
        assert [s.openid for s in state.sessions.items] == [openid]
        assert state.conversation.loaded

        shop.says(openid, "有人吗")
        await running.until(lambda s: s.conversation.records and s.digests[openid].unanswered_since)
        assert [r.text for r in running.state.conversation.records] == ["有人吗"]

        await running.commands.send_text(openid, WORDS)
        number = running.state.conversation.items[0].id
        await running.settled(number, SendState.SENT)
        await running.until(lambda s: s.conversation.items[0].evidence, 20)

        (delivery,) = shop.ledger(openid)
        assert delivery.text == WORDS
        assert WORDS.encode() in delivery.body
        assert delivery.kf_account == ME
        assert shop.calls(SEND) == 1

        view = ChatPresenter().present(running.state, shop.clock.now())
        bubbles = [(row.side, row.body) for row in view.rows if row.kind is RowKind.BUBBLE]
        assert bubbles == [(Side.IN, "有人吗"), (Side.OUT, WORDS)]
        assert len([r for r in running.state.conversation.records if r.text == WORDS]) == 1

        await running.commands.close(openid)
        assert running.state.sessions.items == ()
        assert openid not in shop.world.sessions
        await passes(10)
        assert running.state.sessions.items == ()
        assert len(shop.ledger(openid)) == 1
