"""The painted rows take any text at any width, and paint what they must."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kefu_desk.domain.text import NOTHING, verbatim
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.avatar import Avatars
from kefu_desk.ui.delegates.case import CaseDelegate
from kefu_desk.ui.delegates.session import SessionDelegate, flow
from kefu_desk.ui.models.keyed_list import KeyedListModel

HOSTILE = [
    "",
    "<b>bold</b><img src=x>",
    "长" * 10_000,
    "مرحبا بالعالم",
    "a\x00b\nc\u2028d",
    "\u202egnp.exe",
    "👩‍👩‍👧‍👦🇨🇳",
    "\ud800",
]
HOVER = QStyle.StateFlag.State_MouseOver
FOCUS = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange


def painted(
    delegate: QStyledItemDelegate, row: object, width: int, state: QStyle.StateFlag, ratio: float
) -> QImage:
    model: KeyedListModel = KeyedListModel()
    model.apply([row])
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, width, 64)
    option.state = state
    image = QImage(round(width * ratio), round(64 * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    delegate.paint(painter, option, model.index(0))
    assert painter.isActive()
    painter.end()
    return image


def has(image: QImage, color: QColor, rect: QRect) -> bool:
    return any(
        image.pixelColor(x, y).name() == color.name()
        for x in range(rect.left(), rect.right() + 1)
        for y in range(rect.top(), rect.bottom() + 1)
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_queue_rows_take_any_text(look: Any, case_row: Callable, words: str) -> None:
    delegate = CaseDelegate(look.theme, look.icons, Avatars(look.theme))
    said = verbatim(words)
    row = case_row(words or "k", name=said, glyph=words, timer=words[:3], badge=said, detail=(said, said))
    for state, width in product((HOVER, FOCUS), (1, 100, 320)):
        painted(delegate, row, width, state, 1.25)


@pytest.mark.parametrize("words", HOSTILE)
def test_session_rows_take_any_text(look: Any, session_row: Callable, words: str) -> None:
    delegate = SessionDelegate(look.theme, look.icons, Avatars(look.theme))
    said = verbatim(words)
    fields = {
        "name": said,
        "glyph": words,
        "hours": said,
        "time": words[:4],
        "preview": (said, NOTHING),
        "mark": words,
    }
    row = session_row(words or "k", **fields, unanswered=said, unread=10**9, draft=True, ring=7.0, dots=99)
    for state, width in product((HOVER, FOCUS), (1, 100, 320)):
        painted(delegate, row, width, state, 2.0)


def test_a_late_row_carries_shape_and_colour_to_the_end_of_the_line(look: Any, case_row: Callable) -> None:
    delegate = CaseDelegate(look.theme, look.icons, Avatars(look.theme))
    late = case_row("a", name=verbatim("名" * 60), tone=Tone.LATE, badge=verbatim("超时"), timer="≥6:12")
    image = painted(delegate, late, 320, QStyle.StateFlag.State_Enabled, 1.0)
    red = look.theme.color("red")
    assert has(image, red, QRect(255, 9, 47, 21))
    assert has(image, red, QRect(190, 9, 30, 21))
    calm = painted(delegate, case_row("a"), 320, QStyle.StateFlag.State_Enabled, 1.0)
    assert not has(calm, red, QRect(0, 0, 320, 60))


def test_the_button_shows_under_pointer_or_keyboard_only(look: Any, case_row: Callable) -> None:
    delegate = CaseDelegate(look.theme, look.icons, Avatars(look.theme))
    accent = look.theme.color("accent")
    area = QRect(240, 29, 60, 24)
    for state, shown in ((QStyle.StateFlag.State_Enabled, False), (HOVER, True), (FOCUS, True)):
        assert has(painted(delegate, case_row("a"), 320, state, 1.0), accent, area) is shown
    off = painted(delegate, case_row("a", can_accept=False), 320, HOVER, 1.0)
    assert not has(off, accent, area)


def test_the_focus_ring_is_the_keyboards(look: Any, session_row: Callable) -> None:
    delegate = SessionDelegate(look.theme, look.icons, Avatars(look.theme))
    link = look.theme.color("link")
    edge = QRect(8, 20, 3, 20)
    assert has(painted(delegate, session_row("a"), 320, FOCUS, 1.0), link, edge)
    mouse = painted(delegate, session_row("a"), 320, QStyle.StateFlag.State_HasFocus, 1.0)
    assert not has(mouse, link, edge)


def test_running_words() -> None:
    assert flow((verbatim("我："), verbatim("好的"))) == "我：好的"
    assert flow((verbatim("Me:"), NOTHING, verbatim("fine"))) == "Me: fine"
