"""What the window's own loop may suffer: an open question, and a computer that stands still."""

import time

import pytest

from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.text import verbatim
from kefu_desk.ui.dialogs.ask import ask
from tests.conventions import calls
from tests.conventions.source import sources
from tests.ui.conftest import Case, Play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_f_p03_a_desk_works_on_while_a_question_is_open(play: Play) -> None:
    async def scene(case: Case) -> None:
        openid = await case.accept()
        answers: list[bool] = []
        question = ask(
            case.window._theme,
            case.window._icons,
            case.window,
            answers.append,
            title=verbatim("?"),
            question=verbatim("?"),
            confirm=verbatim("yes"),
            cancel=verbatim("no"),
        )
        assert await case.desk.commands.send_text(openid, "still here")
        await case.until("the phone", lambda: [d.text for d in case.world.ledger] == ["still here"])
        case.arrive("hello")
        await case.until("who waits", lambda: case.window.queue.model.rows)
        assert question.isVisible()
        assert answers == []
        question.close()
        await case.until("the answer", lambda: answers)

    play(scene)


def test_f_p03_nothing_opens_a_loop_of_its_own() -> None:
    assert [found for source in sources("kefu_desk") for found in calls.event_loop(source)] == []


def test_f_p04_a_window_that_stands_still_fails_no_send(play: Play) -> None:
    async def scene(case: Case) -> None:
        openid = await case.accept()
        case.desk._world.gateway._wechat._line.deadline = 0.5  # so that standing still outlasts it
        case.world.chaos.set("reply", "slow:0.2", paths="custom/send")
        assert await case.desk.commands.send_text(openid, "on my way")
        await case.until("the call", lambda: [i.state for i in case.state.outbox] == [SendState.SENDING])
        time.sleep(1)  # noqa: ASYNC251  that is the fault
        assert SendState.FAILED not in [item.state for item in case.state.outbox]
        case.world.chaos.clear()
        await case.until("an outcome", lambda: case.state.outbox == ())
        assert [d.text for d in case.world.ledger] == ["on my way"]

    play(scene)
