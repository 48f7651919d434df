"""The end of a desk: commands refused, sends finished within the grace, nothing left behind."""

import asyncio
import threading

from kefu_desk.desk.runtime import GRACE
from kefu_desk.domain.outbox import SendState
from tests.desk.shop import SEND, Shop, passes
from tests.desk.test_restart import outbox, stored


def others() -> set[str]:
    """The tasks besides this one."""
    return {t.get_name() for t in asyncio.all_tasks() if t is not asyncio.current_task()}


async def test_a_send_within_the_grace_finishes(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "slow:4", paths=SEND, times=1)
        await running.commands.send_text(openid, "一")
        await running.commands.send_text(openid, "二")
        await passes(1)
        began = shop.clock.now()
        running.closing.set()
        await running.task
        assert 2.9 < shop.clock.now() - began < GRACE
    assert [state for _, state, _ in stored(shop)] == ["sent", "queued"]
    assert [d.text for d in shop.ledger(openid)] == ["一"]


async def test_f_p05_a_send_beyond_the_grace_is_unknown_at_the_next_start(shop: Shop) -> None:
    openid = shop.served()
    shop.world.chaos.set("records_api_sends", "never")
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "slow:15", paths=SEND, times=1)
        await running.commands.send_text(openid, "一")
        await passes(1)
        began = shop.clock.now()
        running.closing.set()
        await running.task
        assert shop.clock.now() - began == GRACE
    assert stored(shop) == [(1, "sending", "一")]
    async with shop.desk() as running:
        await passes(60)
        assert outbox(running.state) == [("一", SendState.UNKNOWN)]
    assert shop.calls(SEND) == 1


async def test_a_closing_desk_refuses_commands_and_lets_those_under_way_end(shop: Shop) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "slow:3", paths="kfsession/create", times=1)
        assert running.desk.runner.start("accept", running.commands.accept(openid))
        await passes(1)
        running.closing.set()
        await passes(0.1)
        assert not running.desk.runner.start("send", running.commands.send_text(openid, "一"))
        await running.task
        assert [s.openid for s in running.state.sessions.items] == [openid]
    assert stored(shop) == []


async def test_a_command_that_does_not_end_is_given_up(shop: Shop) -> None:
    async with shop.desk() as running:
        ended = asyncio.Event()

        async def stubborn() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        running.desk.runner.start("stubborn", stubborn())
        await passes(1)
        began = shop.clock.now()
        running.closing.set()
        await running.task
        assert shop.clock.now() - began == GRACE
        assert ended.is_set()


async def test_no_task_no_thread_and_no_reading_is_left(shop: Shop) -> None:
    tasks, threads = others(), {t.name for t in threading.enumerate()}
    async with shop.desk():
        running_tasks = others() - tasks
        assert {"read:waiting", "read:sessions", "read:online", "read:records", "sender"} <= running_tasks
        assert {t.name.rpartition("_")[0] for t in threading.enumerate()} >= {
            "outbox-writer",
            "outbox-reader",
            "archive-writer",
            "archive-reader",
        }
    assert others() == tasks
    assert {t.name for t in threading.enumerate()} == threads
    made = len(shop.world.calls)
    await passes(60)
    assert len(shop.world.calls) == made


async def test_a_desk_that_is_closed_at_once_ends_at_once(shop: Shop) -> None:
    began = shop.clock.now()
    async with shop.desk():
        pass
    assert shop.clock.now() - began < 1


async def test_commands_before_the_desk_runs_are_refused(shop: Shop) -> None:
    async with shop.desk() as running:
        pass
    assert not running.desk.runner.start("late", running.commands.refresh())
