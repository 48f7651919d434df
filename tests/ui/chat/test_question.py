"""The block under a bubble in which the agent is asked: readable at every width, usable by mouse and keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.sends import ARRIVED, CHECK_AGAIN, LEAVE, RESEND_TWIN
from kefu_desk.presenters.timeline import Side, TimelineRow
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.delegates.bubble_shape import MARGIN, Shapes
from tests.ui.chat.conftest import Desk, Look, make_bubble

LINES = (
    text("ask.sent", time="14:02:05", reason=text("failure.busy")),
    text("ask.looked", 7, start="14:02", end="14:05", found=text("ask.own", 2)),
    text("ask.near", words=verbatim("已经为您催促快递，预计后天送达。" * 8)),
    text("ask.learning"),
    text("ask.left", 3),
)
ACTIONS = (ARRIVED, RESEND_TWIN, LEAVE, CHECK_AGAIN)


def asked() -> TimelineRow:
    return make_bubble(
        "o1",
        "已经发货",
        Side.OUT,
        state=text("send.state.asked"),
        state_icon="circle-question-mark",
        state_tone=Tone.SOON,
        actions=ACTIONS,
        question=LINES,
    )


@pytest.mark.parametrize("code", ["zh_CN", "en"])
@pytest.mark.parametrize("width", [260, 420, 660, 1400])
def test_everything_lies_in_the_block_and_nothing_on_top_of_another(
    look: Look, code: str, width: int
) -> None:
    look.speak(code)
    shape = Shapes().shape(asked(), width)
    block = shape.block
    assert block is not None
    assert (block.left() >= MARGIN, block.right() < width - MARGIN + 1, block.bottom() < shape.height) == (
        True,
        True,
        True,
    )
    assert [link.name for link in shape.links] == [action.name for action in ACTIONS]
    inside = [piece.rect for piece in shape.pieces if block.contains(piece.rect.topLeft())]
    rects = inside + [link.rect for link in shape.links]
    assert len(inside) >= len(LINES)
    assert all(block.contains(rect) for rect in rects)
    pairs = [(a, b) for n, a in enumerate(rects) for b in rects[n + 1 :]]
    assert not any(a.intersects(b) for a, b in pairs)
    assert all(link.button and link.rect.height() >= 28 for link in shape.links)


def test_a_button_is_pressed_by_mouse_and_by_keyboard(desk: Desk) -> None:
    messages, used = desk.pane.messages, []
    desk.pane.actionRequested.connect(lambda key, name: used.append((key, name)))
    desk.show_rows([make_bubble("r1"), asked()])
    place = messages.place_of("o1", "leave")
    assert not place.isEmpty()
    QTest.mouseClick(messages.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert used == [("o1", "leave")]
    messages.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(2):
        QTest.keyClick(messages, Qt.Key.Key_Tab)
    QTest.keyClick(messages, Qt.Key.Key_Return)
    assert used[1:] == [("o1", "resend")]
    messages.grab()  # painting it with the ring is no fault


def test_an_answered_question_leaves_no_block(desk: Desk) -> None:
    desk.show_rows([asked()])
    messages = desk.pane.messages
    high = messages.visualRect(messages.model().index(0)).height()
    desk.show_rows([make_bubble("o1", "已经发货", Side.OUT, state=text("send.state.resolved.left"))])
    assert messages.visualRect(messages.model().index(0)).height() < high - 100
    assert messages.place_of("o1", "leave").isEmpty()
