"""Polls stay within what WeChat allows, leave a part of each day to people, and share it with other desks."""

import pytest
from msgspec import Struct

from kefu_desk.desk.budget import FREE_RETRIES, Budget
from kefu_desk.desk.ports import Gateway
from kefu_desk.domain import facts as f
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Category
from kefu_desk.domain.quota import DailyQuota, Path, midnight_after, poll_rate
from kefu_desk.domain.text import text
from kefu_desk.presenters.banners import present_banners
from kefu_desk.presenters.status import present_status
from tests.desk.shop import Shop, passes
from tests.desk.virtual_time import EPOCH

WAITING = "/customservice/kfsession/getwaitcase"
RECORDS = "/customservice/msgrecord/getmsglist"
MIDNIGHT = EPOCH + 12 * 3600
HALF_DAY = 12 * 3600


class Hands(Struct):
    """A clock and a line that a test moves by hand."""

    time: float = 0.0
    counts: dict[Path, int] = {}
    offset: float | None = None

    def now(self) -> float:
        return EPOCH + self.time

    def monotonic(self) -> float:
        return self.time

    def calls_of(self, path: Path) -> int:
        return self.counts.get(path, 0)

    def calls_made(self) -> int:
        return sum(self.counts.values())

    def clock_offset(self) -> float | None:
        return self.offset

    def call(self, path: Path, times: int = 1) -> None:
        self.counts[path] = self.counts.get(path, 0) + times


def made(**quotas: int) -> tuple[Budget, Hands]:
    hands = Hands(counts={})
    budget = Budget(hands, hands)  # type: ignore[arg-type]  # as much of both as a budget asks of them
    assert budget.wait(Path.WAITING) == 0
    for name, limit in quotas.items():
        budget.learn(Path(name), DailyQuota(limit, 0, limit))
    return budget, hands


def spend_until(budget: Budget, hands: Hands, path: Path, end: float) -> int:
    """Calls a path as often as the budget lets it, until a moment."""
    count = 0
    while hands.time < end:
        pause = budget.wait(path)
        if pause <= 0:
            hands.call(path)
            count += 1
        else:
            hands.time += min(max(pause, 0.01), end - hands.time)
    return count


def test_midnight_is_that_of_china() -> None:
    assert midnight_after(EPOCH) == MIDNIGHT
    assert midnight_after(MIDNIGHT - 1) == MIDNIGHT
    assert midnight_after(MIDNIGHT) == MIDNIGHT + 86400


def test_half_of_what_is_left_is_shared_by_all_desks_until_midnight() -> None:
    assert poll_rate(50_000, 100_000, 10, EPOCH) == pytest.approx(25_000 / (10 * HALF_DAY))
    assert poll_rate(100_000, 100_000, 1, EPOCH) == pytest.approx(50_000 / HALF_DAY)
    assert poll_rate(25_000, 100_000, 1, EPOCH) == pytest.approx(5_000 / HALF_DAY)
    assert poll_rate(20_000, 100_000, 1, EPOCH) == poll_rate(0, 100_000, 1, EPOCH) == 0


def test_looking_never_uses_up_a_day_and_a_fifth_is_left() -> None:
    budget, hands = made(waiting=1000)
    count = spend_until(budget, hands, Path.WAITING, HALF_DAY - 1)
    assert 300 <= count <= 805
    (told,) = [use for use in budget.told() if use.path is Path.WAITING]
    assert (told.used, told.limit, told.estimated) == (count, 1000, False)


def test_calls_of_anybody_count_and_the_reserve_stops_looking() -> None:
    budget, hands = made(waiting=1000)
    hands.call(Path.WAITING, 790)
    budget.learn(Path.WAITING, DailyQuota(1000, 0, 1000))  # WeChat may forget to count
    assert budget.wait(Path.WAITING) > 60
    assert not budget.exhausted(Path.WAITING)
    hands.call(Path.WAITING, 20)
    hands.time += 601
    assert budget.exhausted(Path.WAITING)
    assert budget.wait(Path.WAITING) == pytest.approx(HALF_DAY - 601, abs=1)
    assert budget.wait(Path.SESSIONS) < 1
    hands.time = HALF_DAY + 1
    assert not budget.exhausted(Path.WAITING)


def test_a_burst_is_thirty_seconds_worth_and_at_least_three_calls() -> None:
    budget, hands = made(waiting=1000)
    assert spend_until(budget, hands, Path.WAITING, 0.001) == 3
    budget, hands = made(waiting=86_400)
    assert spend_until(budget, hands, Path.WAITING, 0.001) == 20  # 30 s at 1 a second, but 20 a second in all
    hands.time = 5
    assert spend_until(budget, hands, Path.WAITING, 5.001) == pytest.approx(15, abs=1)


def test_more_desks_leave_less_for_each() -> None:
    alone, hands = made(records=10_000)
    many, other = made(records=10_000)
    many.meet(30)
    assert spend_until(alone, hands, Path.RECORDS, 3600) > 20 * spend_until(many, other, Path.RECORDS, 3600)


def test_after_a_minute_limit_half_the_pace_comes_back_by_tenths() -> None:
    budget, hands = made(waiting=86_400)
    budget.slow(Path.WAITING)
    assert budget.pace(Path.WAITING) == 0.5
    budget.slow(Path.WAITING)
    assert budget.pace(Path.WAITING) == 0.25
    assert budget.pace(Path.RECORDS) == 1
    paces = []
    for _ in range(16):
        hands.time += 301
        paces.append(budget.pace(Path.WAITING))
    assert paces[:2] == [pytest.approx(0.275), pytest.approx(0.3025)]
    assert paces[-1] == 1


def test_one_call_in_ten_may_be_a_retry() -> None:
    budget, hands = made()
    for _ in range(FREE_RETRIES):
        assert budget.may_retry(Path.WAITING)
        budget.note(Path.WAITING, retry=True)
    assert not budget.may_retry(Path.WAITING)
    assert budget.may_retry(Path.RECORDS)
    for _ in range(100):
        budget.note(Path.WAITING, retry=False)
    assert budget.may_retry(Path.WAITING)
    hands.time += 601
    assert budget.may_retry(Path.WAITING)


def test_sends_are_never_starved_by_looking() -> None:
    budget, hands = made()
    for path in (Path.WAITING, Path.RECORDS, Path.ONLINE, Path.SESSIONS):
        hands.call(path, 100_000)
    assert budget.wait(Path.WAITING) > 0
    assert budget.wait(Path.SEND) == 0


# --- the desk within its budget


def limit(shop: Shop, path: str, daily: int, used: int) -> None:
    shop.world.quota.today(path, shop.now())  # the day has begun
    shop.world.quota.daily[path], shop.world.quota.used[path] = daily, used


async def test_limits_are_asked_for_in_the_background_and_shown(shop: Shop) -> None:
    shop.world.quota.daily[WAITING] = 40_000
    async with shop.desk() as running:
        assert shop.calls("quota/get") == 0  # the first data go first
        await passes(30)
        assert shop.calls("quota/get") == 5
        told = {use.path: use for use in running.state.link.quotas}
        assert (told[Path.WAITING].limit, told[Path.WAITING].estimated) == (40_000, False)
        (item,) = [i for i in present_status(running.state).items if i.key == "calls"]
        assert item.words.key == "status.quota"
        await passes(3600)
        assert shop.calls("quota/get") == 10


async def test_a_limit_that_may_not_be_asked_for_is_estimated(shop: Shop) -> None:
    shop.world.chaos.set("reply", "code:76022", paths="quota/get")
    async with shop.desk() as running:
        await passes(3000)
        assert shop.calls("quota/get") == 1
        assert all(use.estimated for use in running.state.link.quotas)
        (use,) = [u for u in running.state.link.quotas if u.path is Path.WAITING]
        assert shop.calls("getwaitcase") - 3 <= use.used <= shop.calls("getwaitcase")


async def test_a_small_limit_is_spread_over_the_day_and_never_met(shop: Shop) -> None:
    """Invariant I7: no poll is refused for the daily limit, and a fifth of it is left."""
    limit(shop, WAITING, 500, 250)
    shop.served()
    async with shop.desk() as running:
        running.desk.store.dispatch(f.WindowShown(shown=False))  # so that the other feeds cost less time here
        await passes(HALF_DAY / 2)
        assert running.state.link.health(Feed.WAITING).period > 60
        await passes(HALF_DAY / 2 - 60)
        used = shop.world.quota.used[WAITING]
        assert 320 <= used <= 402
        assert not running.of(f.ReadFailed)
        await passes(3600)
        assert running.state.link.health(Feed.WAITING).failure is None
        assert 3 <= shop.world.quota.used[WAITING] <= 20  # a new day


async def test_when_only_the_reserve_is_left_looking_stops_with_words_and_goes_on_at_midnight(
    shop: Shop,
) -> None:
    limit(shop, RECORDS, 1000, 950)
    async with shop.desk() as running:
        running.desk.store.dispatch(f.WindowShown(shown=False))
        await running.until(lambda s: s.link.health(Feed.RECORDS).failure is not None, 3000)
        failure = running.state.link.health(Feed.RECORDS).failure
        assert failure.category is Category.QUOTA
        assert failure.text == text("failure.quota.reserved")
        assert present_banners(running.state, shop.clock.now())[0].words.key == "banner.quota"
        count = shop.calls("getmsglist")
        await passes(7200)
        assert shop.calls("getmsglist") == count
        assert shop.clock.now() - running.state.link.health(Feed.WAITING).last_success <= 30
        await running.until(lambda s: s.link.health(Feed.RECORDS).failure is None, HALF_DAY)
        assert MIDNIGHT <= shop.clock.now() <= MIDNIGHT + 310


def test_a_budget_asks_only_what_a_gateway_promises() -> None:
    asked = {"calls_of", "calls_made", "clock_offset"}
    assert asked <= set(dir(Gateway))
