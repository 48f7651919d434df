"""How often the desk reads, what wakes it, and that no record is lost or doubled."""

from itertools import pairwise

import pytest

from kefu_desk.app import compose
from kefu_desk.desk.cadence import LONGEST_BACKOFF, PATIENCE, Cadence
from kefu_desk.domain import facts as f
from kefu_desk.domain.cases import Session
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.state import DeskState, Sessions
from kefu_desk.domain.text import text
from kefu_desk.presenters.sessions import present_sessions
from kefu_desk.storage.archive import SqliteArchive
from tests.desk.shop import ME, Running, Shop, passes
from tests.desk.virtual_time import EPOCH

BUSY = DeskState(sessions=Sessions(items=(Session(OpenId("a"), ME, 0),)))
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


def test_periods_are_multiples_of_the_base_and_records_hurry_while_somebody_is_served() -> None:
    cadence = Cadence(base=5.0)
    periods = {feed: cadence.period(feed, DeskState()) for feed in Feed}
    assert periods == {Feed.WAITING: 5, Feed.SESSIONS: 10, Feed.ONLINE: 15, Feed.RECORDS: 15}
    assert cadence.period(Feed.RECORDS, BUSY) == 5


@pytest.mark.parametrize("roll", [0.0, 0.5, 0.999999])
def test_a_pause_is_at_most_a_period_and_desks_do_not_march_in_step(roll: float) -> None:
    cadence = Cadence()
    assert 0.85 * 9 <= cadence.pause(9.0, 0, None, roll) <= 0.95 * 9
    assert cadence.pause(9.0, 0, None, 0.0) > cadence.pause(9.0, 0, None, 0.9)


def test_failures_double_the_pause_up_to_half_a_minute() -> None:
    cadence = Cadence()
    pauses = [cadence.pause(3.0, n, Category.NETWORK, 0.0) / 0.95 for n in range(1, 12)]
    assert pauses == pytest.approx([3, 6, 12, 24] + [LONGEST_BACKOFF] * 7)
    assert cadence.pause(0.1, 1, Category.NETWORK, 0.0) == pytest.approx(0.95)
    assert cadence.pause(3.0, 500, Category.NETWORK, 0.0) / 0.95 == pytest.approx(LONGEST_BACKOFF)


@pytest.mark.parametrize("category", list(Category))
def test_what_another_try_cannot_mend_is_left_alone_for_longer(category: Category) -> None:
    cadence = Cadence()
    wanted = PATIENCE.get(category, 3.0)
    assert cadence.pause(3.0, 1, category, 0.0) == pytest.approx(wanted * 0.95)
    assert cadence.pause(3.0, 0, category, 0.0) == pytest.approx(3 * 0.95)


async def test_each_feed_keeps_its_period(shop: Shop) -> None:
    shop.served()
    async with shop.desk() as running:
        await passes(1)
        before = counts(running)
        await passes(180)
        made = {feed: after - before[feed] for feed, after in counts(running).items()}
        assert 60 <= made[Feed.WAITING] <= 71
        assert 60 <= made[Feed.RECORDS] <= 71
        assert 30 <= made[Feed.SESSIONS] <= 36
        assert 20 <= made[Feed.ONLINE] <= 24
        times = [fact.at for fact in running.of(f.WaitingObserved)]
        assert max(b - a for a, b in pairwise(times)) <= 3.0
        assert running.state.link.calls == len(shop.world.calls)


async def test_without_sessions_records_are_read_less_often(shop: Shop) -> None:
    async with shop.desk() as running:
        await passes(90)
        assert 10 <= counts(running)[Feed.RECORDS] <= 13


async def test_a_slow_answer_counts_into_the_period(shop: Shop) -> None:
    shop.world.chaos.set("reply", "slow:2", paths="getwaitcase")
    async with shop.desk() as running:
        await passes(60)
        times = [fact.at for fact in running.of(f.WaitingObserved)]
        assert max(b - a for a, b in pairwise(times)) <= 3.0


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
        assert made == {Feed.WAITING: 1, Feed.RECORDS: 1, Feed.SESSIONS: 0, Feed.ONLINE: 0}


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


async def test_the_first_reading_goes_back_the_length_of_a_reply_window(shop: Shop) -> None:
    openid = shop.world.add_customer().openid
    for hours in (50, 49, 47, 30):
        shop.world.records.add(openid, 2003, f"{hours}", EPOCH - hours * 3600, ME)
    async with shop.desk() as running:
        await running.commands.open_conversation(OpenId(openid))
        assert words(running) == ["47", "30"]


async def test_after_a_pause_the_reading_goes_on_where_it_stopped(shop: Shop) -> None:
    openid = shop.served("一")
    async with shop.desk() as running:
        await passes(200)
    await passes(3 * 86400)
    shop.world.records.add(openid, 2003, "二", shop.now() - 2 * 86400 - 7200, ME)
    shop.says(openid, "三")
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        assert words(running) == ["一", "二"]


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
        assert heard == ["ConversationOpened", "ConversationLoaded"]
