"""What may happen to one send, and what the customer's phone got of it (reliability 1.3 to 1.7)."""

import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.failure import Category
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import OutboxItem, SendState
from tests.desk.shop import SEND, Running, Shop, passes

S = SendState
ASKED_AGAIN = 120.0
PAUSED = 280.0


async def says(running: Running, openid: OpenId, words: str = "您好") -> OutboxItem:
    """Sends a text and returns the stored item."""
    await running.commands.send_text(openid, words)
    return next(fact.item for fact in reversed(running.of(f.OutboxChanged)) if fact.item.state is S.QUEUED)


def states(running: Running, number: int) -> list[SendState]:
    """All states a send has been in, as the desk told them."""
    moves = [fact.item for fact in running.facts if isinstance(fact, f.OutboxChanged | f.EvidenceFound)]
    return [item.state for item in moves if item.id == number]


@pytest.mark.parametrize("fault", ["-1_after", "reset_after"])
async def test_an_unknown_send_that_arrived_is_explained_by_its_record(shop: Shop, fault: str) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("fault", fault, paths=SEND, times=1)
        item = await says(running, openid)
        await running.settled(item.id, S.SENT)
        await passes(ASKED_AGAIN)
        assert states(running, item.id) == [S.QUEUED, S.SENDING, S.UNKNOWN, S.SENT]
        assert [d.text for d in shop.ledger(openid)] == ["您好"]
        assert shop.calls(SEND) == 1
        assert running.state.outbox == ()


@pytest.mark.parametrize("fault", ["-1_before", "reset_before"])
async def test_an_unknown_send_that_got_lost_waits_for_the_agent(shop: Shop, fault: str) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("fault", fault, paths=SEND, times=1)
        item = await says(running, openid)
        await running.settled(item.id, S.UNKNOWN)
        later = await says(running, openid, "还在吗")
        await passes(ASKED_AGAIN)
        assert (running.item(item.id).state, running.item(later.id).state) == (S.UNKNOWN, S.QUEUED)
        assert (shop.calls(SEND), shop.ledger(openid)) == (1, [])

        await running.commands.send_again(item.id)
        child = running.state.outbox[-1]
        assert (child.parent, child.text) == (item.id, item.text)
        await running.settled(child.id, S.SENT)
        assert running.item(item.id).state is S.RESOLVED
        assert [d.text for d in shop.ledger(openid)] == ["还在吗", "您好"]


async def test_an_unknown_send_can_be_set_aside(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("fault", "-1_before", paths=SEND, times=1)
        item = await says(running, openid)
        await running.settled(item.id, S.UNKNOWN)
        later = await says(running, openid, "还在吗")
        assert await running.commands.set_aside(item.id) == "您好"
        await running.until(lambda s: s.unexplained.get(openid))
        assert states(running, later.id) == [S.QUEUED, S.SENDING, S.SENT]
        assert [d.text for d in shop.ledger(openid)] == ["还在吗"]
        assert await running.commands.set_aside(item.id) == ""


async def test_a_late_record_explains_a_send_that_was_answered_for_by_hand(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("fault", "-1_after", paths=SEND, times=1)
        shop.world.chaos.set("reply", "html", paths="getmsglist")
        item = await says(running, openid)
        await running.settled(item.id, S.UNKNOWN)
        await running.commands.set_aside(item.id)
        assert running.item(item.id).state is S.RESOLVED
        shop.world.chaos.clear()
        await running.settled(item.id, S.SENT)
        assert states(running, item.id)[-2:] == [S.RESOLVED, S.SENT]
        assert len(shop.ledger(openid)) == 1


@pytest.mark.parametrize(
    ("left", "ends", "category", "key"),
    [
        (0, 1e12, Category.ALLOWANCE_USED, "failure.allowance_used"),
        (5, 0.0, Category.WINDOW_CLOSED, "failure.window_closed"),
    ],
    ids=["45047", "45015"],
)
async def test_a_refused_send_has_failed_with_the_words(
    shop: Shop, left: int, ends: float, category: Category, key: str
) -> None:
    openid = shop.served()
    customer = shop.world.customers[openid]
    customer.sends_left, customer.window_ends = left, ends
    async with shop.desk() as running:
        item = await says(running, openid)
        failed = await running.settled(item.id, S.FAILED)
        assert failed.failure is not None
        assert (failed.failure.category, failed.failure.text.key) == (category, key)
        assert failed.failure.rid
        await passes(ASKED_AGAIN)
        assert (shop.calls(SEND), shop.ledger(openid)) == (1, [])
        await running.commands.send_again(item.id)
        assert (shop.calls(SEND), running.state.refusal[1].text.key) == (1, key)
        shop.says(openid, "在的")
        customer.window_ends = 1e12
        await running.until(lambda s: not s.refusals)
        await running.commands.send_again(item.id)
        await running.until(lambda _: shop.ledger(openid))
        assert [d.text for d in shop.ledger(openid)] == ["您好"]


async def test_a_refused_token_is_replaced_once_and_the_text_arrives_once(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        tokens = shop.calls("stable_token")
        shop.world.chaos.set("token", "40001_once", paths=SEND)
        item = await says(running, openid)
        await running.until(lambda s: s.unexplained.get(openid))
        assert states(running, item.id) == [S.QUEUED, S.SENDING, S.SENT]
        assert shop.calls(SEND) == 2
        assert shop.calls("stable_token") - tokens == 2  # the shared one is the refused one, so it is renewed
        assert len(shop.ledger(openid)) == 1


async def test_a_token_refused_again_and_again_pauses_all_sends_after_two_tries(shop: Shop) -> None:
    openid, other = shop.served(), shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("token", "40001_always", paths=SEND)
        item = await says(running, openid)
        await running.until(lambda s: s.pause)
        assert running.state.pause.failure.category is Category.TOKEN
        await running.settled(item.id, S.QUEUED)
        assert states(running, item.id) == [S.QUEUED, S.SENDING, S.QUEUED, S.SENDING, S.QUEUED]
        calls = shop.calls(SEND)
        await says(running, other)
        await passes(PAUSED)
        assert shop.calls(SEND) == calls
        shop.world.chaos.clear()
        await running.until(lambda s: not s.outbox, 60)
        assert running.state.pause is None
        assert [len(shop.ledger(who)) for who in (openid, other)] == [1, 1]


async def test_a_rate_limit_is_waited_for(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("quota", "45011", paths=SEND, times=1)
        began = shop.clock.now()
        item = await says(running, openid)
        await running.until(lambda _: shop.ledger(openid), 100)
        assert 0 < shop.clock.now() - began <= 60 + 20 + 1
        assert states(running, item.id)[:4] == [S.QUEUED, S.SENDING, S.QUEUED, S.SENDING]


async def test_a_customers_messages_keep_their_order_while_eight_customers_are_served(shop: Shop) -> None:
    people = [shop.served() for _ in range(10)]
    shop.world.chaos.set("reply", "slow:3", paths=SEND)
    async with shop.desk() as running:
        began = shop.clock.now()
        for turn in range(3):
            for openid in people:
                await running.commands.send_text(openid, f"第{turn}条")
        await passes(0.5)
        sending = [i.openid for i in running.state.outbox if i.state is S.SENDING]
        assert sending == people[:8]
        await running.until(lambda s: not s.outbox, 40)
        assert shop.clock.now() - began < 3 * 5
        for openid in people:
            assert [d.text for d in shop.ledger(openid)] == ["第0条", "第1条", "第2条"]


async def test_a_slow_customer_holds_up_nobody_else(shop: Shop) -> None:
    slow, quick = shop.served(), shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "slow:15", paths=SEND, times=1)
        await says(running, slow, "一")
        await passes(1)
        await says(running, slow, "二")
        await says(running, quick, "三")
        await running.until(lambda _: shop.ledger(quick), 1)
        assert [d.text for d in shop.ledger(slow)] == ["一"]
        await running.until(lambda s: not s.outbox, 20)
        assert [d.text for d in shop.ledger(slow)] == ["一", "二"]


async def test_a_send_without_an_answer_is_unknown_after_20_seconds(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("records_api_sends", "never")
        shop.world.chaos.set("reply", "slow:60", paths=SEND, times=1)
        began = shop.clock.now()
        item = await says(running, openid)
        unknown = await running.settled(item.id, S.UNKNOWN, 30)
        assert 19 < shop.clock.now() - began < 21
        assert unknown.failure is not None
        assert unknown.failure.category is Category.TIMEOUT
        await passes(ASKED_AGAIN)
        assert shop.calls(SEND) == 1


async def test_a_queued_send_can_be_taken_back(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "slow:5", paths=SEND, times=1)
        first = await says(running, openid, "一")
        second = await says(running, openid, "二")
        await passes(1)
        assert await running.commands.set_aside(second.id) == "二"
        assert await running.commands.set_aside(first.id) == ""
        await running.until(lambda s: not s.outbox)
        await passes(10)
        assert [d.text for d in shop.ledger(openid)] == ["一"]


async def test_texts_that_cannot_go_are_refused_and_nothing_is_stored(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        for words, key in (("  ", "send.refused.empty"), ("中" * 683, "send.refused.long")):
            await running.commands.send_text(openid, words)
            assert running.state.refusal is not None
            assert running.state.refusal[1].text.key == key
        assert not running.of(f.OutboxChanged)
        await running.commands.send_text(openid, "好\ud83d\ude42\ud83d")
        await running.until(lambda _: shop.ledger(openid))
        assert shop.ledger(openid)[0].text == "好🙂�"
        assert running.state.refusal is None


async def test_equal_texts_need_a_record_each(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("fault", "-1_before", paths=SEND, times=1)
        lost = await says(running, openid, "好的")
        await running.settled(lost.id, S.UNKNOWN)
        await running.commands.send_again(lost.id)
        await running.until(lambda s: [i.evidence for i in s.conversation.items] == [False, True], 20)
        await passes(ASKED_AGAIN)
        assert [i.state for i in running.state.conversation.items] == [S.RESOLVED, S.SENT]
        assert len(shop.ledger(openid)) == 1


async def test_nothing_goes_out_after_the_last_send_of_a_quiet_desk(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await says(running, openid)
        await running.until(lambda _: shop.ledger(openid))
        await passes(600)
        assert shop.calls(SEND) == 1
