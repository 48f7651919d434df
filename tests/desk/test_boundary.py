"""A command with a fault of ours is told and logged; the other work of the desk goes on."""

import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.text import text
from tests.desk.shop import Shop, passes


@pytest.mark.logs_warnings
async def test_a_command_that_crashes_stops_nothing_else(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    openid = shop.served()

    async def faulty() -> None:
        raise ZeroDivisionError("a fault of ours")

    async with shop.desk() as running:
        assert running.desk.runner.start("reply", faulty())
        await passes(1)
        assert [c.command for c in running.of(f.CommandCrashed)] == ["reply"]
        assert running.state.notices[-1].words == text("notice.crashed", command="reply")
        assert "command reply crashed" in caplog.text
        assert "ZeroDivisionError" in caplog.text

        reads = len(running.of(f.WaitingObserved))
        assert running.desk.runner.start("send", running.commands.send_text(openid, "您好"))
        await running.until(lambda _: shop.ledger(openid))
        await passes(35)
        assert len(running.of(f.WaitingObserved)) >= reads + 3
        assert not running.task.done()
