import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu_desk.domain.failure import Category
from kefu_desk.domain.limits import refuse_text, repaired, reply_window, size
from kefu_desk.domain.text import Text

ANY = st.text(st.one_of(st.characters(), st.sampled_from("\ud83d\ude42\udfff\ud800\r\n\u2028\u2029🙂")))
HALVES = "\ud83d\ude42"


@pytest.mark.parametrize(
    "words", ["a" * 2048, "中" * 682 + "ab", "🙂" * 512, "é" * 1024], ids=["ascii", "chinese", "emoji", "é"]
)
def test_2048_bytes_may_be_sent_and_one_more_may_not(words: str) -> None:
    assert size(words) == 2048
    assert refuse_text(words) is None
    failure = refuse_text(words + "a")
    assert failure is not None
    assert failure.category is Category.CONTENT
    assert failure.text == Text("send.refused.long", (("over", 1), ("limit", 2048)))


def test_the_reason_tells_how_many_bytes_are_too_many() -> None:
    failure = refuse_text("🙂" * 513)
    assert failure is not None
    assert dict(failure.text.params)["over"] == 4


@pytest.mark.parametrize("words", ["", " ", "\n\t ", "\u3000\u3000", "\u2029"])
def test_nothing_is_not_sent(words: str) -> None:
    failure = refuse_text(repaired(words))
    assert failure is not None
    assert failure.text == Text("send.refused.empty")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (HALVES, "🙂"),
        ("a" + HALVES + "b", "a🙂b"),
        ("a\ud83db", "a�b"),
        ("\ude42a", "�a"),
        ("a\ud83d", "a�"),
        ("\ude42\ud83d", "��"),
        ("\ud83d" + HALVES, "�🙂"),
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("👨\u200d👩\u200d👧 é", "👨\u200d👩\u200d👧 é"),
    ],
)
def test_lone_halves_are_replaced_and_pairs_are_joined(given: str, wanted: str) -> None:
    assert repaired(given) == wanted


@given(ANY)
def test_a_repaired_text_is_utf8_and_stays_as_it_is(words: str) -> None:
    good = repaired(words)
    assert size(good) == len(good.encode())
    assert repaired(good) == good
    assert "\r" not in good


@given(ANY)
def test_the_size_counts_what_goes_on_the_wire(words: str) -> None:
    lone = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if lone.count("�") == 0:
        assert size(lone) == len(lone.encode())
    assert (refuse_text(words) is None) == (bool(words.strip()) and size(words) <= 2048)


def test_a_lone_half_counts_as_its_replacement() -> None:
    assert size("\ud83d") == size("�") == 3


def test_the_window_counts_five_sends_and_48_hours() -> None:
    assert reply_window(None, 0) is None
    window = reply_window(1000, 2)
    assert window is not None
    assert (window.left, window.until) == (3, 1000 + 172_800)
    assert window.is_open(window.until - 1)
    assert not window.is_open(window.until)
    used = reply_window(1000, 7)
    assert used is not None
    assert used.left == 0
    assert not used.is_open(1001)
