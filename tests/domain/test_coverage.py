from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu_desk.domain.coverage import Span, gaps, merged

spans = st.tuples(st.integers(0, 40), st.integers(0, 6)).map(lambda s: Span(s[0], s[0] + s[1]))


def seconds(found: tuple[Span, ...] | list[Span]) -> set[int]:
    return {second for span in found for second in range(span.start, span.end + 1)}


def test_spans_that_touch_or_meet_become_one() -> None:
    assert merged([Span(10, 20), Span(21, 30)]) == (Span(10, 30),)
    assert merged([Span(10, 20), Span(22, 30)]) == (Span(10, 20), Span(22, 30))
    assert merged([Span(10, 20), Span(12, 13), Span(5, 9)]) == (Span(5, 20),)
    assert merged([]) == ()


def test_a_gap_is_what_no_span_holds() -> None:
    assert gaps([], Span(1, 9)) == (Span(1, 9),)
    assert gaps([Span(0, 3), Span(5, 6), Span(9, 12)], Span(1, 9)) == (Span(4, 4), Span(7, 8))
    assert gaps([Span(0, 20)], Span(1, 9)) == ()


@pytest.mark.parametrize("end", [4, -1])
def test_a_span_cannot_end_before_it_starts(end: int) -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Span(5, end)


@given(st.lists(spans, max_size=8))
def test_merging_keeps_every_second_and_leaves_a_second_between_any_two(some: list[Span]) -> None:
    found = merged(some)
    assert seconds(found) == seconds(some)
    assert all(one.end + 1 < other.start for one, other in pairwise(found))
    assert merged(found) == found


@given(st.lists(spans, max_size=8), spans)
def test_gaps_are_the_rest_of_the_period(some: list[Span], period: Span) -> None:
    found = gaps(some, period)
    assert seconds(found) == seconds([period]) - seconds(some)
    assert merged(found) == found
