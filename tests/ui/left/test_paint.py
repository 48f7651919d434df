"""Avatars and the small painted marks."""

from typing import Any

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from kefu_desk.presenters.tone import Tone
from kefu_desk.ui import paint
from kefu_desk.ui.avatar import Avatars


def test_an_avatar_is_drawn_once_for_each_size_theme_and_ratio(look: Any) -> None:
    avatars = Avatars(look.theme)
    first = avatars.pixmap("oA", "", 40)
    assert avatars.pixmap("oA", "", 40).cacheKey() == first.cacheKey()
    sharp = avatars.pixmap("oA", "", 40, 2.0)
    assert (sharp.width(), sharp.devicePixelRatio()) == (80, 2.0)
    look.theme.use("dark")
    assert avatars.pixmap("oA", "", 40).toImage() != first.toImage()


def test_the_same_customer_looks_the_same_and_others_differ(look: Any) -> None:
    one, two = Avatars(look.theme), Avatars(look.theme)
    assert one.pixmap("oA", "", 40).toImage() == two.pixmap("oA", "", 40).toImage()
    looks = {bytes(one.pixmap(f"o{n}", "", 40).toImage().constBits()) for n in range(60)}
    assert len(looks) > 55


def test_the_cache_has_an_end(look: Any) -> None:
    avatars = Avatars(look.theme)
    for number in range(600):
        avatars.pixmap(str(number), "", 8)
    assert len(avatars._kept) == 512


def test_pixels_are_mirrored(look: Any) -> None:
    image = Avatars(look.theme).pixmap("oA", "", 40).toImage()
    assert all(image.pixel(x, y) == image.pixel(39 - x, y) for x in range(10, 30) for y in range(10, 30))


def test_one_line_has_no_breaks_and_an_end() -> None:
    assert paint.one_line("a\x00b\nc\u2028d") == "a b c d"
    assert len(paint.one_line("长" * 10_000)) == 400


def test_digits_have_one_width(qapp: QApplication) -> None:
    assert len({paint.advance(digit * 6, 13) for digit in "0123456789"}) == 1


def test_badges_make_room_for_their_shape(qapp: QApplication) -> None:
    assert paint.badge_width("超时", Tone.LATE) == paint.badge_width("超时", Tone.MUTED) + 12


def test_tooltips_are_never_markup(qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel(paint.plain_tooltip("<img src='x'> & <b>"))
    qtbot.addWidget(label)
    assert "<img" not in label.text()
    assert "&lt;b&gt;" in label.text()
    assert paint.plain_tooltip(" ") == ""
