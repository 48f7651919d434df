"""What has no picture of its own is drawn as a sign: nothing in a message is invisible by accident."""

import pytest

from kefu_desk.ui.delegates.text_layout import shown


def test_f_h09_control_characters_are_made_visible() -> None:
    words = "".join(chr(code) for code in (*range(1, 9), 0x0B, 0x1B, 0x1F, 0x7F, 0x85, 0x9F))
    safe = shown(f"a{words}b").words
    assert len(safe) == len(words) + 2
    assert safe.isprintable()
    assert safe[1:4] == "\u2401\u2402\u2403"
    assert safe[-5:] == "\u241f\u2421\ufffd\ufffdb"


@pytest.mark.parametrize(("words", "drawn"), [("订单\x00号", "订单\u2400号"), ("\x00", "\u2400")])
def test_f_h12_a_nul_is_drawn_and_ends_no_text(words: str, drawn: str) -> None:
    assert shown(words).words == drawn
