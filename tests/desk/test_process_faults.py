"""What may happen to the process around a desk: faults of ours, races, a blocked thread, much to show."""

import asyncio
import logging
from itertools import pairwise

import pytest

from kefu_desk.desk.backfill import Backfill
from kefu_desk.desk.hold import Hold
from kefu_desk.desk.inquiry import Inquiry
from kefu_desk.desk.meter import Meter
from kefu_desk.desk.parking import Parking
from kefu_desk.desk.polling import Poller
from kefu_desk.desk.sender import Sender
from kefu_desk.desk.watch import Watch
from kefu_desk.domain import facts as f
from kefu_desk.domain.outbox import SendState as S
from tests.conventions.calls import event_loop
from tests.conventions.source import planted, sources
from tests.desk.shop import SEND, Shop, passes
from tests.desk.virtual_time import VirtualLoop

SECRET = "客户的话"
SERVICES = {
    "waiting": (Poller, "read_waiting"),
    "sessions": (Poller, "read_sessions"),
    "online": (Poller, "read_online"),
    "watch": (Watch, "run"),
    "meter": (Meter, "run"),
    "hold": (Hold, "run"),
    "inquiry": (Inquiry, "run"),
    "parking": (Parking, "run"),
    "backfill": (Backfill, "run"),
    "sender": (Sender, "run"),
}


@pytest.mark.logs_warnings
@pytest.mark.parametrize("part", SERVICES)
async def test_f_p01_a_service_with_a_fault_begins_again_and_the_third_fault_is_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, part: str
) -> None:
    kind, method = SERVICES[part]
    real, faults = getattr(kind, method), []

    async def faulty(self: object, *given: object) -> None:
        if len(faults) < 4:
            faults.append(asyncio.get_running_loop().time())
            raise ZeroDivisionError(SECRET)
        await real(self, *given)

    openid = shop.served()
    monkeypatch.setattr(kind, method, faulty)
    async with shop.desk(lambda s: s.identity.opened_at) as running:
        await running.until(lambda s: s.notices, 400)
        assert (len(faults), [n.words.key for n in running.state.notices]) == (3, ["notice.service_failing"])
        await passes(200)
        assert len(faults) == 4
        assert all(later - earlier >= 1 for earlier, later in pairwise(faults))
        await running.commands.send_text(openid, "您好")
        await running.until(lambda _: shop.ledger(openid), 10)
        await running.until(lambda s: all(h.last_success for _, h in s.link.feeds), 30)
        assert not running.task.done()
    told = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(told) == 4
    assert all("ZeroDivisionError at tasks.py" in record.getMessage() for record in told)
    assert SECRET not in caplog.text


def test_f_p03_no_dialog_opens_a_loop_of_its_own() -> None:
    assert [fault for source in sources("kefu_desk") for fault in event_loop(source)] == []
    planted_one = planted("def ask(box: object) -> None:\n    box.exec()\n", "kefu_desk/ui/dialogs/ask.py")
    assert list(event_loop(planted_one))


@pytest.mark.parametrize(("blocked", "states"), [(3.0, {S.SENT}), (60.0, {S.SENT, S.UNKNOWN})])
async def test_f_p04_a_thread_that_stood_still_never_makes_a_send_a_failed_one(
    shop: Shop, blocked: float, states: set[S]
) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("reply", "slow:2", paths=SEND, times=1)
        await running.commands.send_text(openid, "您好")
        await running.until(lambda s: any(i.state is S.SENDING for i in s.outbox), 5)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop._passed += blocked  # the operating system gave this process no time
        await running.until(lambda s: not any(i.state is S.SENDING for i in s.outbox), 25)
        told = {fact.item.state for fact in running.of(f.OutboxChanged)}
        assert told <= {S.QUEUED, S.SENDING} | states
        await running.until(lambda s: not s.outbox, 200)
        assert [d.text for d in shop.ledger(openid)] == ["您好"]
