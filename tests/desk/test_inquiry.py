"""A send of unknown outcome is looked for and then put to the agent, once (reliability 1.4, 1.7)."""

import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.calibration import Visibility
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import Decision, OutboxItem, Proof, SendState
from tests.desk.shop import SEND, Running, Shop, passes
from tests.desk.test_sending import says

S = SendState
AGO = (3, 8, 15, 30, 60, 120, 180)


async def lost(shop: Shop, running: Running, openid: OpenId, words: str = "您好") -> OutboxItem:
    """A send that WeChat never got, and whose caller got no answer."""
    shop.world.chaos.set("fault", "reset_before", paths=SEND, times=1)
    item = await says(running, openid, words)
    return await running.settled(item.id, S.UNKNOWN)


async def test_it_is_looked_for_at_the_known_times_and_then_asked_about(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        began = shop.clock.now()
        item = await lost(shop, running, openid)
        await running.until(lambda s: s.outbox and s.outbox[0].asked, 200)
        looks = [fact.at - began for fact in running.of(f.LookedUp)]
        assert looks == pytest.approx(AGO, abs=1)
        assert shop.clock.now() - began == pytest.approx(180, abs=1)
        seen = running.state.lookups[item.id]
        assert (seen.looks, seen.found, seen.failed) == (7, 0, False)
        await passes(600)
        assert len(running.of(f.LookedUp)) == 7
        assert [i.state for i in running.state.outbox] == [S.UNKNOWN]
        assert shop.calls(SEND) == 1


async def test_a_question_survives_a_restart_and_is_not_asked_twice(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await lost(shop, running, openid)
        await running.until(lambda s: s.outbox[0].asked, 200)
        asked = running.state.outbox[0].asked
    async with shop.desk() as running:
        await passes(30)
        assert [i.asked for i in running.state.outbox] == [asked]


async def test_when_nobody_answers_the_looks_the_agent_is_asked_all_the_same(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        item = await lost(shop, running, openid)
        shop.world.chaos.set("reply", "http_500", paths="getmsglist")
        await running.until(lambda s: s.outbox[0].asked, 400)
        assert running.state.lookups[item.id].failed


@pytest.mark.parametrize(
    ("decision", "state"),
    [(Decision.ARRIVED, S.RESOLVED), (Decision.LEFT, S.RESOLVED), (Decision.AGAIN, S.RESOLVED)],
)
async def test_the_three_answers(shop: Shop, decision: Decision, state: SendState) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        item = await lost(shop, running, openid)
        await says(running, openid, "还在吗")
        await running.commands.answer(item.id, decision)
        settled = await running.settled(item.id, state)
        assert settled.decision is decision
        await running.until(lambda s: not s.outbox, 30)
        expected = ["还在吗", "您好"] if decision is Decision.AGAIN else ["还在吗"]
        assert [d.text for d in shop.ledger(openid)] == expected
        again = len(running.of(f.OutboxChanged))
        await running.commands.answer(item.id, Decision.AGAIN)
        assert len(running.of(f.OutboxChanged)) == again


async def test_f_r20_a_late_twin_does_not_explain_the_younger_send(shop: Shop) -> None:
    """The first 好的 arrives long after; the second, sent again, gets lost: one record explains the first."""
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("effect", "delayed:100", paths=SEND, times=1)
        shop.world.chaos.set("reply", "reset", paths=SEND, times=1)
        first = await says(running, openid, "好的")
        await running.settled(first.id, S.UNKNOWN)
        await running.commands.answer(first.id, Decision.LEFT)
        await passes(60)
        second = await lost(shop, running, openid, "好的")
        found = await running.settled(first.id, S.SENT, 120)
        assert (found.proof, found.decision) == (Proof.RECORD, Decision.LEFT)
        await running.until(lambda s: s.outbox and s.outbox[0].asked, 300)
        assert running.state.outbox[0].id == second.id
        assert len(shop.ledger(openid)) == 1


async def test_f_r18_where_records_never_show_sends_the_agent_is_asked_at_once(shop: Shop) -> None:
    shop.world.chaos.set("records_api_sends", "never")
    people = [shop.served() for _ in range(5)]
    async with shop.desk() as running:
        for openid in people:
            for number in range(4):
                await running.commands.send_text(openid, f"第{number}条")
        await running.until(lambda s: not s.outbox, 60)
        await passes(200)
        doubtful = await lost(shop, running, people[0])
        await running.until(lambda s: s.calibration.visibility is Visibility.NO, 20)
        await running.until(lambda s: s.outbox[0].asked, 1)
        assert running.state.outbox[0].id == doubtful.id


async def test_the_records_teach_how_late_they_are(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await says(running, openid)
        await running.until(lambda s: openid in s.unexplained)
        await running.until(lambda s: not s.unexplained, 60)
    async with shop.desk() as running:
        await running.until(lambda s: s.calibration.seen == 1)
        assert running.state.calibration.visibility is Visibility.YES
        assert running.state.calibration.usual < 60


async def test_f_r19_the_nearest_words_are_told_when_none_are_equal(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        item = await lost(shop, running, openid, "您的订单明天就到")
        shop.world.agent_says(openid, "您的订单后天就到")
        await running.until(lambda s: item.id in s.lookups and s.lookups[item.id].near, 100)
        assert running.state.lookups[item.id].near == "您的订单后天就到"
        await running.until(lambda s: s.outbox and s.outbox[0].asked, 200)


async def test_f_r19_a_record_with_its_link_taken_out_explains_its_send(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        item = await lost(shop, running, openid, '请看 <a href="https://example.com">说明</a>')
        shop.world.agent_says(openid, "请看 说明")
        assert (await running.settled(item.id, S.SENT, 100)).proof is Proof.RECORD


async def test_the_agent_can_ask_for_a_look(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        item = await lost(shop, running, openid)
        await passes(70)
        before = len(running.of(f.LookedUp))
        await running.commands.check(item.id)
        await running.until(lambda _: len(running.of(f.LookedUp)) == before + 1, 1)
