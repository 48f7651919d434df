"""The rows of the fault matrix about the network that only a desk shows (reliability 2.1)."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import pairwise
from random import Random
from socket import gaierror

import httpx
import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Category
from kefu_desk.domain.outbox import OutboxItem, Proof, SendState
from kefu_desk.presenters.banners import present_banners
from kefu_desk.presenters.sends import came_twice
from kefu_desk.wechat.exchange import STOP_SECONDS
from tests.desk.shop import SEND, Running, Shop, is_complete, passes

S = SendState
HOUR = 3600.0
LONGEST_PROBE = 60.0

Before = Callable[[httpx.Request], Awaitable[object]]


class Weather(httpx.AsyncBaseTransport):
    """The network between a desk and the simulator: what happens to a request before and to its answer."""

    def __init__(self, shop: Shop) -> None:
        self._there = shop.transport
        self._clock = shop.clock
        self.before: Before | None = None
        self.after: Before | None = None
        self.tries: list[tuple[float, str]] = []
        self.seen: list[httpx.Request] = []
        shop.transport = self

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.tries.append((self._clock.monotonic(), request.url.path))
        if self.before is not None:
            await self.before(request)
        self.seen.append(request)
        response = await self._there.handle_async_request(request)
        if self.after is not None:
            await self.after(request)
        return response


async def no_name(_: httpx.Request) -> None:
    raise httpx.ConnectError("no such host") from gaierror(-2, "Name or service not known")


async def no_door(_: httpx.Request) -> None:
    raise httpx.ConnectError("refused") from ConnectionRefusedError(111, "Connection refused")


async def black_hole(request: httpx.Request) -> None:
    await asyncio.sleep(request.extensions["timeout"]["connect"])
    raise httpx.ConnectTimeout("nobody there")


async def is_kept_while_offline(shop: Shop, fault: Before) -> Weather:
    """Ten minutes without a network: nothing failed, nothing stormed, and all arrives once, in order."""
    people = [shop.served(), shop.served()]
    weather = Weather(shop)
    async with shop.desk() as running:
        await running.commands.open_conversation(people[0])
        weather.before = fault
        for number in range(3):
            for openid in people:
                assert await running.commands.send_text(openid, f"第{number}句")
        weather.tries.clear()
        began = shop.clock.monotonic()
        await passes(600)
        assert {item.state for item in running.state.outbox} <= {S.QUEUED, S.SENDING}
        assert len(running.state.outbox) == 6
        assert not [n for n in running.of(f.NoticeRaised) if n.failure is not None]
        (banner, *_) = present_banners(running.state, shop.clock.now())
        assert banner.key == "link"
        assert banner.words.key == "banner.offline"
        waits = [at - began for at, path in weather.tries if "getwaitcase" in path]
        gaps = [after - before for before, after in pairwise(waits)]
        assert max(gaps) <= LONGEST_PROBE + 20
        assert len(waits) < 600 / 8, "it waits longer and longer"
        await running.commands.keep_draft(people[0], "还没写完")
        assert running.state.drafts[people[0]] == "还没写完", "and the desk can be worked with"
        weather.before = None
        await running.until(lambda s: not s.outbox, LONGEST_PROBE)
        for openid in people:
            assert [d.text for d in shop.ledger(openid)] == ["第0句", "第1句", "第2句"]
        await running.until(lambda s: not any(h.failure for _, h in s.link.feeds), LONGEST_PROBE)
        assert present_banners(running.state, shop.clock.now()) == ()
    return weather


async def test_f_n01_without_a_name_service_sends_wait_and_reads_probe(shop: Shop) -> None:
    await is_kept_while_offline(shop, no_name)


async def test_f_n02_refused_connections_are_waited_out(shop: Shop) -> None:
    await is_kept_while_offline(shop, no_door)


async def test_f_n03_a_black_hole_costs_five_seconds_a_try(shop: Shop) -> None:
    weather = await is_kept_while_offline(shop, black_hole)
    assert {request.extensions["timeout"]["connect"] for request in weather.seen} == {5.0}


async def test_f_n04_a_stranger_stops_all_calls_until_he_is_gone(shop: Shop) -> None:
    async def stranger(_: httpx.Request) -> None:
        raise httpx.ConnectError("tls") from ssl.SSLCertVerificationError(1, "certificate verify failed")

    openid = shop.served()
    weather = Weather(shop)
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        weather.before = stranger
        weather.seen.clear()
        weather.tries.clear()
        assert await running.commands.send_text(openid, "您好")
        await passes(300)
        (banner, *_) = present_banners(running.state, shop.clock.now())
        assert (banner.key, banner.words.key) == ("stopped", "failure.offline.tls")
        assert [action.name for action in banner.actions] == ["retry", "copy_details"], "and no way around"
        assert [item.state for item in running.state.outbox] == [S.QUEUED]
        assert weather.seen == []
        tries = Counter(int(at // STOP_SECONDS) for at, _ in weather.tries)
        assert max(tries.values()) <= 4, "all calls stop together: a handshake, a probe, and silence"
        weather.before = None
        await running.until(lambda s: not s.outbox, LONGEST_PROBE)
        assert [d.text for d in shop.ledger(openid)] == ["您好"]


async def test_f_n07_a_network_that_wants_a_sign_in_is_named_and_left(shop: Shop) -> None:
    signed_in = False

    class Hotel(Weather):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if signed_in:
                return await super().handle_async_request(request)
            heard.append(request)
            if request.url.scheme == "https":
                raise httpx.ConnectError("tls") from ssl.SSLError(1, "wrong version number")
            return httpx.Response(302, headers={"location": "http://login.hotel.test/?mac=1"})

    heard: list[httpx.Request] = []
    openid = shop.served()
    Hotel(shop)
    signed_in = True
    async with shop.desk() as running:
        signed_in = False
        assert await running.commands.send_text(openid, "您好")
        await running.until(lambda s: all(h.failure for _, h in s.link.feeds), 300)
        (banner, *_) = present_banners(running.state, shop.clock.now())
        assert (banner.key, banner.words.key) == ("stopped", "failure.portal")
        assert running.state.link.health(Feed.WAITING).failure.category is Category.PORTAL
        plain = [request for request in heard if request.url.scheme == "http"]
        assert plain
        assert not any(request.url.query or request.headers.get("authorization") for request in plain)
        assert [item.state for item in running.state.outbox] == [S.QUEUED]
        signed_in = True
        await running.until(lambda s: not s.outbox and not any(h.failure for _, h in s.link.feeds), 120)
        assert [d.text for d in shop.ledger(openid)] == ["您好"]


async def sent(running: Running, openid: str, words: str = "您好") -> OutboxItem:
    assert await running.commands.send_text(openid, words)
    return next(fact.item for fact in reversed(running.of(f.OutboxChanged)) if fact.item.state is S.QUEUED)


async def test_f_n08_a_request_that_got_lost_is_asked_about_and_not_sent_again(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("effect", "unseen", paths=SEND, times=1)
        shop.world.chaos.set("reply", "timeout", paths=SEND, times=1)
        began = shop.clock.monotonic()
        item = await sent(running, openid)
        await running.settled(item.id, S.UNKNOWN, 30)
        assert shop.clock.monotonic() - began == pytest.approx(20, abs=1)
        await running.until(lambda _: (i := running.item(item.id)) and i.asked, 300)
        looks = [fact for fact in running.of(f.LookedUp) if fact.number == item.id]
        assert len(looks) >= 4
        assert {look.found for look in looks} == {0}
        await passes(HOUR)
        assert shop.ledger(openid) == []
        assert running.item(item.id).state is S.UNKNOWN
        assert len([s for s in running.of(f.OutboxChanged) if s.item.state is S.SENDING]) == 1


async def test_f_n09_an_answer_that_got_lost_is_made_up_for_by_the_record(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("reply", "timeout", paths=SEND, times=1)
        item = await sent(running, openid)
        await running.settled(item.id, S.SENT, 60)
        done = next(i for i in running.state.conversation.items if i.id == item.id)
        assert (done.evidence, done.proof) == (True, Proof.RECORD)
        await passes(HOUR)
        assert [d.text for d in shop.ledger(openid)] == ["您好"]


@pytest.mark.parametrize("late", [5, 60, 200, 400])
async def test_f_n13_a_send_that_arrives_when_nobody_expects_it_is_recognised(shop: Shop, late: int) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("effect", f"delayed:{late}", paths=SEND, times=1)
        shop.world.chaos.set("reply", "timeout", paths=SEND, times=1)
        zombie = await sent(running, openid)
        after = await sent(running, openid, "还在吗")
        if late < 20:
            await running.settled(zombie.id, S.SENT, 60)
            await running.until(lambda s: not s.outbox, 60)
            assert [d.text for d in shop.ledger(openid)] == ["您好", "还在吗"]
            return
        await running.settled(zombie.id, S.UNKNOWN, 30)
        await passes(late / 2 - 20)
        assert running.item(after.id).state is S.QUEUED, "what comes later waits"
        await running.commands.send_again(zombie.id)
        await running.until(lambda _: len(shop.ledger(openid)) == 3, late + 60)
        await running.until(lambda s: all(i.evidence for i in s.conversation.items), 200)
        items = {item.id: item for item in running.state.conversation.items}
        assert items[zombie.id].state is S.SENT
        assert Counter(d.text for d in shop.ledger(openid)) == {"您好": 2, "还在吗": 1}
        (again,) = (item for item in items.values() if item.parent == zombie.id)
        assert came_twice(items.values()) == {zombie.id, again.id}, "and both are flagged"


async def test_f_n14_a_reply_in_drops_is_unknown_after_twenty_seconds(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("records_api_sends", "never")
        shop.world.chaos.set("reply", "drip:0.5", paths=SEND, times=1)
        began = shop.clock.monotonic()
        item = await sent(running, openid)
        await running.settled(item.id, S.UNKNOWN, 30)
        assert shop.clock.monotonic() - began == pytest.approx(20, abs=1)


def is_told_once(shop: Shop, people: list[str], accepted: dict[str, list[str]], running: Running) -> None:
    """Nothing twice, nothing lost, order kept: what was accepted was delivered or stands before the agent."""
    open_items = {(item.openid, item.text) for item in running.state.outbox}
    for openid in people:
        got = [d.text for d in shop.ledger(openid)]
        assert max(Counter(got).values(), default=0) <= 1, got
        assert got == [words for words in accepted[openid] if words in got], "in order"
        lost = [words for words in accepted[openid] if words not in got]
        assert all((openid, words) in open_items for words in lost), lost


async def leave_what_was_asked(running: Running, accepted: dict[str, list[str]]) -> None:
    """The agent answers each question with "leave it"."""
    for item in running.state.outbox:
        if item.asked is not None and item.state is S.UNKNOWN:
            await running.commands.set_aside(item.id)
            accepted[item.openid].remove(item.text)


async def test_f_n24_an_hour_of_loss_and_latency_loses_nothing_and_doubles_nothing(shop: Shop) -> None:
    chance = Random(24)
    people = [shop.served() for _ in range(4)]
    accepted: dict[str, list[str]] = {openid: [] for openid in people}
    weather = Weather(shop)

    async def on_the_way(_: httpx.Request) -> None:
        await asyncio.sleep(1.5)
        if chance.random() < 0.1:
            await no_door(_)
        if chance.random() < 0.05:
            raise httpx.ReadError("reset")

    async def on_the_way_back(_: httpx.Request) -> None:
        await asyncio.sleep(1.5)
        if chance.random() < 0.15:
            raise httpx.ReadError("reset")

    async with shop.desk() as running:
        quiet = len(weather.tries)
        await passes(600)
        usual = (len(weather.tries) - quiet) / 600
        weather.before, weather.after = on_the_way, on_the_way_back
        weather.tries.clear()
        for minute in range(60):
            openid = people[minute % 4]
            shop.says(openid, f"问{minute}")
            if await running.commands.send_text(openid, f"答{minute}"):
                accepted[openid].append(f"答{minute}")
            await passes(60)
            await leave_what_was_asked(running, accepted)
        reads = sum(SEND not in path for _, path in weather.tries) / HOUR
        assert reads < 2 * usual, "loss must not multiply the calls"
        assert sum(SEND in path for _, path in weather.tries) <= 60 * 1.6
        weather.before = weather.after = None
        await running.until(lambda s: all(i.state is S.UNKNOWN for i in s.outbox), 600)
        assert sum(map(len, accepted.values())) > 45
        for openid in people:
            accepted[openid] += [
                d.text for d in shop.ledger(openid) if d.text not in accepted[openid]
            ]  # an answer that was left and had arrived
            accepted[openid].sort(key=lambda words: int(words[1:]))
        is_told_once(shop, people, accepted, running)
        await running.until(is_complete, 60)


async def test_f_n25_a_flapping_link_starts_no_storm_and_keeps_the_order(shop: Shop) -> None:
    people = [shop.served() for _ in range(3)]
    accepted: dict[str, list[str]] = {openid: [] for openid in people}
    weather = Weather(shop)

    async def flaps(request: httpx.Request) -> None:
        if int(shop.clock.monotonic() / 5) % 2:
            await no_door(request)

    async with shop.desk() as running:
        weather.before = flaps
        weather.tries.clear()
        for number in range(60):
            openid = people[number % 3]
            shop.says(openid, f"问{number}")
            assert await running.commands.send_text(openid, f"答{number}")
            accepted[openid].append(f"答{number}")
            await passes(17)
        seconds = Counter(int(at) for at, path in weather.tries)
        assert max(seconds.values()) <= 20, "the bucket of all calls together"
        assert len(weather.tries) / (60 * 17) < 3
        sends = sum(SEND in path for _, path in weather.tries)
        assert 60 < sends <= 60 * 3, "some meet the gap, and none storms against it"
        await running.until(lambda s: not s.outbox, 120)
        is_told_once(shop, people, accepted, running)
        assert sum(len(shop.ledger(openid)) for openid in people) == 60
