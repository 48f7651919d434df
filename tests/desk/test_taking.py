"""Accepting and closing: WeChat decides, and what it did is believed over what it said."""

import asyncio

import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import Presence
from kefu_desk.domain.failure import Action, Category
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.text import text
from kefu_desk.presenters.queue import present_queue
from tests.desk.shop import COLLEAGUE, ME, Running, Shop, passes

CREATE = "kfsession/create"


def queue(running: Running) -> list[OpenId]:
    return [c.openid for c in running.state.queue.cases]


def mine(running: Running) -> list[OpenId]:
    return [s.openid for s in running.state.sessions.items]


async def test_who_was_taken_by_a_colleague_is_told_by_name(shop: Shop) -> None:
    openid, other = shop.customer(), shop.customer()
    async with shop.desk() as running:
        shop.world.open_session(openid, COLLEAGUE)
        await running.commands.accept(openid)
        (failure,) = running.of(f.AcceptFailed)
        assert (failure.failure.category, failure.failure.code) == (Category.TAKEN, 65414)
        assert failure.holder == COLLEAGUE
        assert running.state.notices[-1].words == text("failure.taken_by", agent="小王")
        assert queue(running) == [other]
        first = present_queue(running.state, shop.clock.now()).rows[0]
        assert (first.key, first.note) == (openid, text("queue.taken_by", agent="小王"))
        assert (mine(running), running.state.queue.accepting) == ([], frozenset())
        await passes(7)
        assert [row.key for row in present_queue(running.state, shop.clock.now()).rows] == [other]


async def test_an_offline_agent_is_refused_and_the_customer_still_waits(shop: Shop) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        shop.world.agents[ME].online = False
        await running.commands.accept(openid)
        (failed,) = running.of(f.AcceptFailed)
        assert (failed.failure.category, failed.failure.code) == (Category.AGENT_OFFLINE, 65415)
        assert failed.failure.action is Action.OPEN_MPKF
        assert (queue(running), mine(running)) == ([openid], [])
        assert shop.calls("kfsession/getsession?") == 0
        await running.until(lambda s: s.agents.presence is Presence.OFFLINE, 10)


@pytest.mark.parametrize("fault", ["-1_after", "reset_after"])
async def test_an_accept_that_worked_in_spite_of_its_answer_is_read_back(shop: Shop, fault: str) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        await passes(20)
        shop.world.chaos.set("fault", fault, paths=CREATE)
        await running.commands.accept(openid)
        assert (queue(running), mine(running)) == ([], [openid])
        assert not running.of(f.AcceptFailed)
        session = running.state.sessions.items[0]
        assert session.created == int(shop.world.sessions[openid].createtime)
        assert running.state.conversation.openid == openid
        assert len([p for p in shop.world.pushes if p.kind == "kf_create_session"]) == 1


@pytest.mark.parametrize("fault", ["-1_before", "reset_before"])
async def test_an_accept_that_got_lost_is_told_and_can_be_tried_again(shop: Shop, fault: str) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        shop.world.chaos.set("fault", fault, paths=CREATE)
        await running.commands.accept(openid)
        assert (queue(running), mine(running)) == ([openid], [])
        assert running.state.queue.accepting == frozenset()
        assert running.state.conversation is None
        assert running.state.notices[-1].failure is not None
        shop.world.chaos.clear()
        await running.commands.accept(openid)
        assert mine(running) == [openid]


async def test_one_lost_answer_is_repeated_without_anybody_noticing(shop: Shop) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        shop.world.chaos.set("fault", "-1_after", paths=CREATE, times=1)
        await running.commands.accept(openid)
        assert mine(running) == [openid]
        assert shop.calls(CREATE) == 2
        assert running.state.notices == ()


async def test_when_nothing_can_be_read_back_the_next_reading_tells(shop: Shop) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        shop.world.chaos.set("fault", "-1_after", paths=CREATE)
        shop.world.chaos.set("reply", "html", paths="kfsession/getsession")
        await running.commands.accept(openid)
        assert running.of(f.AcceptFailed)
        shop.world.chaos.clear()
        await running.until(lambda _: (queue(running), mine(running)) == ([], [openid]), 15)


async def test_a_second_click_asks_only_once(shop: Shop) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "slow:2", paths=CREATE)
        await asyncio.gather(running.commands.accept(openid), running.commands.accept(openid))
        assert shop.calls(CREATE) == 1
        assert mine(running) == [openid]


async def test_the_next_is_who_waits_longest_and_each_click_takes_another(shop: Shop) -> None:
    people = [shop.customer() for _ in range(3)]
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "slow:1", paths=CREATE)
        await asyncio.gather(running.commands.accept_next(), running.commands.accept_next())
        assert mine(running) == people[:2]
        await running.commands.accept_next()
        await running.commands.accept_next()
        assert mine(running) == people
        assert shop.calls(CREATE) == 3


async def test_a_reading_under_way_does_not_undo_an_accept_or_a_close(shop: Shop) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        for path in ("getwaitcase", "getsessionlist"):
            shop.world.chaos.set("reply", "slow:4", paths=path, times=1)
        await running.commands.refresh()
        await passes(1)
        await running.commands.accept(openid)
        await passes(4)
        assert (queue(running), mine(running)) == ([], [openid])
        shop.world.chaos.set("reply", "slow:4", paths="getsessionlist", times=1)
        await running.commands.refresh()
        await passes(1)
        await running.commands.close(openid)
        await passes(4)
        assert (queue(running), mine(running)) == ([], [])


async def test_a_session_that_has_ended_counts_as_closed(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.close_session(openid)
        await running.commands.close(openid)
        assert mine(running) == []
        assert (running.of(f.CloseFailed), running.state.notices) == ([], ())


async def test_a_close_without_an_answer_is_told_and_the_next_reading_knows(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("fault", "-1_after", paths="kfsession/close", times=1)
        await running.commands.close(openid)
        assert shop.calls("kfsession/close") == 1
        assert running.of(f.CloseFailed)
        assert running.state.sessions.closing == frozenset()
        await running.until(lambda _: mine(running) == [], 3)


async def test_a_session_that_ended_elsewhere_leaves_the_list(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        assert mine(running) == [openid]
        shop.world.close_session(openid)
        await passes(61)  # the own number of sessions has changed, and an empty list is asked for twice
        assert mine(running) == []


async def test_sessions_begin_on_wechats_clock(shop: Shop) -> None:
    late = Shop(shop.folder, ahead=-600)
    openid = late.customer()
    async with late.desk() as running:
        assert running.state.link.clock_offset == pytest.approx(600, abs=0.6)
        await running.commands.accept(openid)
        assert abs(running.state.sessions.items[0].created - late.world.now) < 2
