"""A cancellation that meets the end of what it cancels: neither of the two is lost (reliability 2.6)."""

import asyncio
import sys
from collections.abc import Callable

import pytest

from kefu_desk.app.clock import SystemClock
from kefu_desk.desk.ports import Clock
from kefu_desk.desk.runtime import GRACE
from kefu_desk.domain.outbox import SendState
from tests.conventions import calls
from tests.conventions.source import sources
from tests.desk.shop import SEND, Shop, passes
from tests.desk.virtual_time import VirtualClock


@pytest.mark.parametrize("make", [VirtualClock, SystemClock])
@pytest.mark.parametrize("first", ["cancelled", "done"])
async def test_f_p02_a_pause_that_ends_as_it_is_cancelled_is_cancelled(
    make: Callable[[], Clock], first: str
) -> None:
    wake, went_on = asyncio.Event(), False

    async def pauses() -> None:
        nonlocal went_on
        await make().pause(60, wake)
        await asyncio.sleep(0)
        went_on = True

    task = asyncio.create_task(pauses())
    await asyncio.sleep(0)
    steps = [task.cancel, wake.set]
    for step in steps if first == "cancelled" else reversed(steps):
        step()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not went_on


@pytest.mark.parametrize("late", [-2e-3, -1e-5, 0.0, 1e-6, 1e-5, 2e-3])
async def test_f_p02_a_send_that_is_done_as_the_desk_closes_is_known_or_unknown_but_never_lost(
    shop: Shop, late: float
) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("reply", f"slow:{GRACE + late:.6f}", paths=SEND)
        await running.commands.send_text(openid, "您好")
        await running.until(lambda s: [i.state for i in s.outbox] == [SendState.SENDING])
        running.closing.set()
    shop.world.chaos.clear()
    async with shop.desk() as running:
        await passes(30)
        assert [d.text for d in shop.ledger(openid)] == ["您好"]
        assert [i for i in running.state.outbox if i.state is not SendState.SENT] == []


def test_f_p02_nobody_waits_with_wait_for() -> None:
    """It swallows a cancellation that comes together with the result, before Python 3.12."""
    assert sys.version_info >= (3, 11), "asyncio.timeout"
    found = [found for source in sources("kefu_desk") for found in calls.event_loop(source)]
    assert [line for line in found if "wait_for" in line] == []
