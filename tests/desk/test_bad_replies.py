"""Whatever WeChat answers: no crash, nothing forgotten, the data ages in view, and the desk recovers."""

import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Category
from kefu_desk.presenters.banners import present_banners
from kefu_desk.presenters.status import present_freshness
from kefu_desk.presenters.tone import Tone
from tests.desk.shop import Running, Shop, is_open, passes

PATHS = {
    Feed.WAITING: "getwaitcase",
    Feed.SESSIONS: "getsessionlist",
    Feed.ONLINE: "getonlinekflist",
    Feed.RECORDS: "getmsglist",
}
BROKEN = ["html", "empty", "not_json", "http_500", "truncated", "slow:25"]
ODD = ["extra_fields", "numbers_as_strings", "errcode_string", "slow:1"]


def known(running: Running) -> tuple[object, ...]:
    """What the desk knows of its customers."""
    s = running.state
    queue = [(c.openid, c.arrived_by) for c in s.queue.cases]
    return queue, s.queue.count, s.sessions.items, s.agents.online, s.digests, s.agents.presence


async def tones(shop: Shop, running: Running, seconds: int) -> list[Tone]:
    """The tones that the age of the data goes through."""
    seen: list[Tone] = []
    for _ in range(seconds):
        tone = present_freshness(running.state, shop.clock.now()).tone
        if seen[-1:] != [tone]:
            seen.append(tone)
        await passes(1)
    return seen


def garble(shop: Shop, kind: str, *feeds: Feed) -> None:
    for feed in feeds or tuple(Feed):
        shop.world.chaos.set("reply", kind, paths=PATHS[feed])


@pytest.mark.parametrize("kind", BROKEN)
async def test_broken_replies_age_the_data_and_the_desk_recovers(shop: Shop, kind: str) -> None:
    shop.customer()
    shop.served()
    async with shop.desk() as running:
        before = known(running)
        garble(shop, kind)
        seen = await tones(shop, running, 330)
        assert [t for t in seen if t is not Tone.MUTED] == [Tone.GOOD, Tone.SOON, Tone.LATE]
        assert known(running) == before
        assert all(health.failure is not None for _, health in running.state.link.feeds)
        assert [b.key for b in present_banners(running.state, shop.clock.now())] == ["link"]
        shop.world.chaos.clear()
        late = shop.customer("还有人吗")
        await running.until(lambda s: late in {c.openid for c in s.queue.cases}, 250)
        await passes(
            25
        )  # one path that works again is enough to try the others, once they have stopped waiting
        assert present_freshness(running.state, shop.clock.now()).tone is Tone.GOOD
        assert all(health.failure is None for _, health in running.state.link.feeds)
        assert not running.task.done()


@pytest.mark.parametrize("feed", list(Feed))
async def test_one_broken_feed_leaves_the_others_alone(shop: Shop, feed: Feed) -> None:
    shop.customer()
    shop.served()
    async with shop.desk() as running:
        before = known(running)
        garble(shop, "html", feed)
        seen = await tones(shop, running, 330)
        assert seen[-1] is Tone.LATE
        assert known(running) == before
        for other, health in running.state.link.feeds:
            assert (health.failure is None) == (other is not feed), other
            if other is not feed:
                assert shop.clock.now() - (health.last_success or 0) <= health.period
        assert running.state.link.health(feed).failure.category is Category.BAD_REPLY
        shop.world.chaos.clear()
        await running.until(lambda s: s.link.health(feed).failure is None, 250)


@pytest.mark.parametrize("kind", ODD)
async def test_odd_replies_are_understood(shop: Shop, kind: str) -> None:
    openid = shop.customer()
    served = shop.served("第一句")
    async with shop.desk() as running:
        garble(shop, kind)
        await passes(20)
        shop.says(served, "第二句")
        other = shop.customer()
        await running.until(lambda s: other in {c.openid for c in s.queue.cases}, 15)
        await running.until(lambda s: s.digests[served].last.text == "第二句", 15)
        assert [c.openid for c in running.state.queue.cases] == [openid, other]
        assert not running.of(f.ReadFailed)


async def test_a_queue_without_its_list_forgets_nobody(shop: Shop) -> None:
    shop.customer()
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        before = known(running)
        garble(shop, "missing_fields", Feed.WAITING)
        await passes(250)
        assert known(running) == before
        assert present_freshness(running.state, shop.clock.now()).tone is Tone.LATE
        shop.world.chaos.clear()
        await running.until(lambda s: not any(h.failure for _, h in s.link.feeds), 250)
        assert known(running)[:2] == before[:2]


async def test_a_refused_address_stops_everything_until_the_list_is_mended(shop: Shop) -> None:
    shop.world.chaos.set("token", "40164")
    shop.customer()
    async with shop.desk(is_open) as running:
        await running.until(lambda s: s.link.health(Feed.WAITING).failure is not None, 10)
        await passes(250)
        (banner,) = present_banners(running.state, shop.clock.now())
        assert banner.key == "stopped"
        assert [a.name for a in banner.actions] == ["copy_ip", "retry"]
        assert present_freshness(running.state, shop.clock.now()).tone is Tone.LATE
        assert shop.calls("stable_token") <= 3
        shop.world.chaos.clear()
        await running.commands.refresh()
        await running.until(lambda s: s.queue.count == 1, 2)
        await passes(1)
        assert present_banners(running.state, shop.clock.now()) == ()


async def test_the_next_try_is_announced(shop: Shop) -> None:
    async with shop.desk() as running:
        garble(shop, "html", Feed.ONLINE)
        await running.until(lambda s: s.link.health(Feed.ONLINE).failure is not None, 60)
        health = running.state.link.health(Feed.ONLINE)
        failures = len(running.of(f.ReadFailed))
        await running.until(lambda _: len(running.of(f.ReadFailed)) > failures, 40)
        assert running.of(f.ReadFailed)[-1].at == pytest.approx(health.retry_at, abs=0.01)
        assert running.state.link.health(Feed.ONLINE).failing_since == health.failing_since
