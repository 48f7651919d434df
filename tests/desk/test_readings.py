"""How often the desk reads, what wakes it, and that no record is lost or doubled."""

from itertools import pairwise

import pytest

from kefu_desk.app import compose
from kefu_desk.domain import facts as f
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.text import text
from kefu_desk.presenters.sessions import present_sessions
from kefu_desk.storage.archive import SqliteArchive
from tests.desk.shop import ME, Running, Shop, passes

READINGS = {
    Feed.WAITING: f.WaitingObserved,
    Feed.SESSIONS: f.SessionsObserved,
    Feed.ONLINE: f.AgentsObserved,
    Feed.RECORDS: f.RecordsObserved,
}


def words(running: Running) -> list[str]:
    talk = running.state.conversation
    return [] if talk is None else [r.text for r in talk.records]


def counts(running: Running) -> dict[Feed, int]:
    return {feed: len(running.of(kind)) for feed, kind in READINGS.items()}


async def test_each_feed_keeps_its_period(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await passes(1)
        await running.commands.open_conversation(openid)
        before = counts(running)
        for _ in range(6):
            await passes(30)
            await running.commands.keep_draft(openid, f"{shop.now()}")  # somebody types
        made = {feed: after - before[feed] for feed, after in counts(running).items()}
        assert 60 <= made[Feed.RECORDS] <= 80
        assert 36 <= made[Feed.WAITING] <= 48
        assert 6 <= made[Feed.SESSIONS] <= 9
        assert 6 <= made[Feed.ONLINE] <= 9
        times = [fact.at for fact in running.of(f.RecordsObserved)][2:]
        assert max(b - a for a, b in pairwise(times)) <= 3.0
        assert running.state.link.calls == len(shop.world.calls)


async def test_a_desk_with_nothing_to_do_reads_seldom(shop: Shop) -> None:
    async with shop.desk() as running:
        await passes(60)
        before = counts(running)
        await passes(360)
        made = {feed: after - before[feed] for feed, after in counts(running).items()}
        assert 24 <= made[Feed.WAITING] <= 32
        assert 12 <= made[Feed.RECORDS] <= 16
        assert 3 <= made[Feed.SESSIONS] <= 4
        assert 6 <= made[Feed.ONLINE] <= 8


async def test_a_hidden_window_reads_less_and_one_that_is_shown_again_at_once(shop: Shop) -> None:
    shop.served()
    async with shop.desk() as running:
        await passes(60)
        running.desk.store.dispatch(f.WindowShown(shown=False))
        before = counts(running)
        await passes(300)
        made = {feed: after - before[feed] for feed, after in counts(running).items()}
        assert 10 <= made[Feed.WAITING] <= 14
        assert 5 <= made[Feed.RECORDS] <= 7
        await passes(20)
        before = counts(running)
        running.desk.store.dispatch(f.WindowShown(shown=True))
        await passes(8)
        made = {feed: after - before[feed] for feed, after in counts(running).items()}
        assert made[Feed.RECORDS] >= 1
        assert made[Feed.WAITING] >= 1


async def test_opening_a_conversation_makes_its_messages_come_quickly_at_once(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await passes(200)
        await running.commands.open_conversation(openid)
        await passes(3)
        shop.says(openid, "急")
        await running.until(lambda _: "急" in words(running), 3.01)
        await passes(75)
        before = counts(running)[Feed.RECORDS]
        await passes(64)
        assert 7 <= counts(running)[Feed.RECORDS] - before <= 11  # nobody types: the quiet pace of 8 s


async def test_the_own_number_of_sessions_tells_when_to_read_them(shop: Shop) -> None:
    async with shop.desk() as running:
        await passes(10)
        before = counts(running)[Feed.SESSIONS]
        openid = shop.served()  # somebody gave us a customer
        await running.until(lambda s: openid in {i.openid for i in s.sessions.items}, 61)
        assert counts(running)[Feed.SESSIONS] - before <= 2


async def test_an_own_record_of_somebody_in_no_session_makes_the_sessions_read(shop: Shop) -> None:
    async with shop.desk() as running:
        await passes(125)
        openid = shop.served()
        shop.world.agent_says(openid, "您好")
        await running.until(lambda s: openid in {i.openid for i in s.sessions.items}, 31)


async def test_a_slow_answer_counts_into_the_period(shop: Shop) -> None:
    shop.world.chaos.set("reply", "slow:2", paths="getwaitcase")
    async with shop.desk() as running:
        await passes(60)
        times = [fact.at for fact in running.of(f.WaitingObserved)]
        assert max(b - a for a, b in pairwise(times)) <= 15.0


async def test_refresh_reads_everything_at_once(shop: Shop) -> None:
    async with shop.desk() as running:
        await passes(1)
        before = counts(running)
        await running.commands.refresh()
        await passes(0.1)
        assert {feed: n - before[feed] for feed, n in counts(running).items()} == dict.fromkeys(Feed, 1)


async def test_a_hurry_during_a_reading_is_not_lost(shop: Shop) -> None:
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "slow:2", paths="getwaitcase", times=1)
        await running.commands.refresh()
        await passes(1)
        openid = shop.customer()
        await running.commands.refresh()
        await running.until(lambda s: openid in {c.openid for c in s.queue.cases}, 1.1)


async def test_accepting_reads_records_and_queue_at_once(shop: Shop) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        await passes(1)
        before = counts(running)
        await running.commands.accept(openid)
        await passes(0.1)
        made = {feed: n - before[feed] for feed, n in counts(running).items()}
        assert made == {Feed.WAITING: 1, Feed.RECORDS: 1, Feed.SESSIONS: 1, Feed.ONLINE: 0}


async def test_agent_accounts_are_read_once(shop: Shop) -> None:
    async with shop.desk() as running:
        await passes(60)
        assert shop.calls("getkflist") == 1
        assert [a.nick for a in running.state.agents.accounts][:2] == ["小陈", "小王"]


async def test_equal_texts_of_one_second_stay_two(shop: Shop) -> None:
    openid = shop.served("你好")
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(20)
        shop.says(openid, "在吗")
        shop.says(openid, "在吗")
        await running.commands.refresh()
        await passes(0.1)
        shop.says(openid, "在吗")
        await passes(90)
        assert words(running) == ["你好", "在吗", "在吗", "在吗"]
        assert running.state.digests[openid].unanswered_count == 4
        assert running.state.unread[openid] == 4


async def test_a_record_that_comes_late_takes_its_place(shop: Shop) -> None:
    openid = shop.served("一")
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(100)
        late = shop.now() - 40
        shop.world.records.add(openid, 2003, "二", late, ME)
        await running.until(lambda _: len(words(running)) == 2, 5)
        shop.says(openid, "三")
        await running.until(lambda _: len(words(running)) == 3, 5)
        await passes(60)
        assert words(running) == ["一", "二", "三"]
        assert running.state.conversation.records[1].time == int(late)


async def test_after_a_pause_the_reading_goes_on_where_it_stopped(shop: Shop) -> None:
    openid = shop.served("一")
    async with shop.desk() as running:
        await passes(200)
    await passes(3 * 86400)
    shop.world.records.add(openid, 2003, "二", shop.now() - 2 * 86400 - 7200, ME)
    shop.says(openid, "三")
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        await running.until(lambda _: words(running) == ["一", "二"], 30)


async def test_records_archived_when_the_disk_failed_are_told_by_the_next_reading(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Flaky(SqliteArchive):
        fails = 0

        async def digests(self, openids):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if Flaky.fails:
                Flaky.fails -= 1
                raise DeskError(Failure(Category.STORAGE, text("failure.storage.disk")))
            return await super().digests(openids)

    monkeypatch.setattr(compose, "SqliteArchive", Flaky)
    openid = shop.served("一")
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(10)
        Flaky.fails = 1
        shop.says(openid, "二")
        await running.until(lambda s: s.link.health(Feed.RECORDS).failure is not None, 5)
        await running.until(lambda _: len(words(running)) == 2, 10)
        assert words(running) == ["一", "二"]
        assert running.state.digests[openid].last.text == "二"
        assert running.state.unread[openid] == 2


async def test_an_own_answer_counts_at_once_even_on_a_computer_whose_clock_is_wrong(shop: Shop) -> None:
    for ahead in (-300.0, 300.0):
        other = Shop(shop.folder / str(int(ahead)), ahead=ahead)
        other.world.chaos.set("records_api_sends", "never")
        openid = other.served("在吗")
        async with other.desk() as running:
            assert present_sessions(running.state, other.clock.now()).unanswered == 1
            await passes(5)
            await running.commands.send_text(openid, "在的")
            await running.until(lambda _, o=other, i=openid: o.ledger(i))
            await passes(1)
            (row,) = present_sessions(running.state, other.clock.now()).rows
            assert (row.unanswered, row.dots) == (None, 4)
            await passes(5)
            other.says(openid, "好")
            await passes(5)
            (row,) = present_sessions(running.state, other.clock.now()).rows
            assert (row.unanswered is not None, row.dots) == (True, 5)


async def test_listeners_hear_facts_in_order_and_can_leave(shop: Shop) -> None:
    async with shop.desk() as running:
        await passes(1)
        heard: list[str] = []
        leave = running.desk.store.listen(lambda fact: heard.append(type(fact).__name__))
        await running.commands.open_conversation(OpenId("x"))
        leave()
        await running.commands.open_conversation(OpenId("y"))
        told = [name for name in heard if name != "CoverageTold"]  # reading goes on beside
        assert told == ["ConversationOpened", "ConversationLoaded"]
