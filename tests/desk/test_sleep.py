"""A computer that sleeps, clocks that jump: one round of readings, no storm, no freeze (reliability 2.6)."""

import asyncio
import itertools

import pytest

from kefu_desk.desk import polling
from kefu_desk.desk.watch import DRIFT, LOOK_EACH, OVERSLEPT, Watch
from kefu_desk.domain import facts as f
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.outbox import SendState
from kefu_desk.presenters.banners import present_banners
from kefu_desk.presenters.status import present_freshness
from kefu_desk.presenters.tone import Tone
from kefu_desk.wechat.client import WeChatClient
from tests.desk.shop import Shop, passes
from tests.desk.test_readings import counts
from tests.desk.virtual_time import VirtualClock

HOUR = 3600.0


async def test_f_t01_a_sleep_of_eight_hours_during_a_send(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshed: list[float] = []
    refresh = WeChatClient.refresh_connections

    async def noted(self: WeChatClient) -> None:
        refreshed.append(shop.clock.monotonic())
        await refresh(self)

    monkeypatch.setattr(WeChatClient, "refresh_connections", noted)
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(100)
        shop.world.chaos.set("effect", "never", paths="custom/send", times=1)
        shop.world.chaos.set("reply", "timeout", paths="custom/send", times=1)
        await running.commands.send_text(openid, "您好")
        await running.until(lambda s: any(i.state is SendState.SENDING for i in s.outbox), 5)
        before, began = counts(running), shop.clock.monotonic()
        shop.sleeps(8 * HOUR)
        await running.until(lambda s: any(i.state is SendState.UNKNOWN for i in s.outbox), 25)
        assert len(refreshed) == 1
        assert refreshed[0] - began <= LOOK_EACH
        assert shop.ledger(openid) == []
        await passes(max(0.0, began + LOOK_EACH + polling.ROUND_SECONDS - shop.clock.monotonic()))
        made = {feed: n - before[feed] for feed, n in counts(running).items()}
        assert all(n >= 1 for n in made.values())


async def test_f_t01_after_a_sleep_there_is_one_round_within_three_seconds_and_nothing_is_made_up_for(
    shop: Shop,
) -> None:
    async with shop.desk() as running:
        await passes(200)
        facts = len(running.facts)
        woke = shop.clock.monotonic()
        shop.sleeps(8 * HOUR)
        await passes(LOOK_EACH + polling.ROUND_SECONDS)
        made = [
            fact for fact in running.facts[facts:] if isinstance(fact, f.WaitingObserved | f.AgentsObserved)
        ]
        assert [type(fact) for fact in made].count(f.WaitingObserved) in (1, 2)
        assert [type(fact) for fact in made].count(f.AgentsObserved) == 1
        moments = {fact.at for fact in made}
        assert len(moments) == len(made)  # each at a moment of its own
        assert shop.clock.monotonic() - woke < 10
        assert present_freshness(running.state, shop.clock.now()).tone is Tone.GOOD


async def test_f_t02_a_sleep_of_five_days(shop: Shop) -> None:
    shop.world.account.session_lapse = 30 * 24 * HOUR
    openid = shop.served("星期一")
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(60)
        tokens = shop.calls("stable_token")
        shop.sleeps(2 * 24 * HOUR)
        shop.says(openid, "星期三")
        shop.sleeps(3 * 24 * HOUR)
        shop.says(openid, "星期六")
        await passes(10)
        assert shop.calls("stable_token") == tokens + 1
        talk = running.state.conversation
        assert talk is not None
        assert talk.records[-1].text == "星期六"
        await running.until(lambda s: "星期三" in [r.text for r in s.conversation.records], 3 * HOUR)
        bodies = [call for call in shop.world.calls if "getmsglist" in call.path]
        assert len(bodies) < 400  # windows by day, not one a second


@pytest.mark.parametrize("step", [-HOUR, HOUR, -300.0, 300.0])
async def test_f_t03_a_wall_clock_that_jumps_makes_no_storm_and_no_freeze(shop: Shop, step: float) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(120)
        before = counts(running)
        shop.clock.jump(step)
        await passes(10)
        first = counts(running)
        assert all(first[feed] - before[feed] <= 5 for feed in Feed)
        await passes(110)
        made = {feed: n - before[feed] for feed, n in counts(running).items()}
        assert 10 <= made[Feed.WAITING] <= 20
        assert 12 <= made[Feed.RECORDS] <= 60
        shop.says(openid, "还在吗")
        await running.until(
            lambda s: "还在吗" in [r.text for r in s.conversation.records], 10, "the message after the jump"
        )
        assert running.state.link.clock_offset == pytest.approx(-step, abs=1)
        told = [b.key for b in present_banners(running.state, shop.clock.now())]
        assert ("clock" in told) == (abs(step) > 120)
        assert all(fact.retry_at >= fact.at for fact in running.of(f.ReadFailed))


class EarlyClock(VirtualClock):
    """Its timers fire five percent too soon, as Qt's coarse ones may."""

    async def pause(self, seconds: float, wake: asyncio.Event) -> None:
        await super().pause(seconds * 0.95, wake)


async def test_f_t04_timers_that_are_early_do_not_shorten_a_gap(shop: Shop) -> None:
    shop.clock = EarlyClock()
    async with shop.desk() as running:
        await passes(600)
        times = [fact.at for fact in running.of(f.WaitingObserved)][2:]
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        assert min(gaps) >= 15 * 0.75  # the shortest that a quiet desk may choose


class CountingClock(VirtualClock):
    """Remembers how long the desk wanted to sleep at once."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[float] = []

    async def pause(self, seconds: float, wake: asyncio.Event) -> None:
        self.wanted.append(seconds)
        await super().pause(seconds, wake)


async def test_f_t05_a_sleep_of_a_month_is_cut_into_hours(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling.Poller, "_wanted", lambda *_: 30 * 24 * HOUR)
    clock = shop.clock = CountingClock()
    async with shop.desk() as running:
        before = counts(running)
        await passes(2.5 * HOUR)
        assert counts(running) == before
        assert max(clock.wanted) == polling.LONGEST_SLEEP == HOUR


class Hands(VirtualClock):
    """Two clocks that a test moves apart."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.lost


@pytest.mark.parametrize(
    ("wall", "steady", "woke"),
    [
        (0.0, 0.0, 0),
        (DRIFT - 0.5, 0.0, 0),
        (DRIFT + 0.5, 0.0, 1),
        (-(DRIFT + 0.5), 0.0, 1),
        (20.0, 20.0, 0),
        (OVERSLEPT + 1, OVERSLEPT + 1, 1),
    ],
    ids=["nothing", "a tremble", "slept", "set back", "a slow moment", "slept, and both clocks went on"],
)
async def test_what_counts_as_a_sleep(wall: float, steady: float, woke: int) -> None:
    clock, heard = Hands(), []

    async def refresh() -> None:
        heard.append("refresh")

    looks: list[float] = []
    watch = Watch(
        clock, refresh=refresh, woke=lambda: heard.append("woke"), look=lambda: looks.append(clock.now())
    )
    task = asyncio.create_task(watch.run())
    await asyncio.sleep(LOOK_EACH * 2.5)
    clock.jump(wall - steady)
    clock.lost += steady
    await asyncio.sleep(LOOK_EACH * 3)
    task.cancel()
    assert heard == ["woke", "refresh"] * woke
    assert len(looks) == 5
