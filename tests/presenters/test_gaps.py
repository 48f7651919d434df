"""Periods that could not be read, as lines between the messages."""

import pytest
from msgspec.structs import replace

from kefu_desk.domain.coverage import Span
from kefu_desk.domain.messages import Record
from kefu_desk.domain.reading import Coverage
from kefu_desk.domain.state import Conversation, DeskState
from kefu_desk.presenters.chat import ChatPresenter
from kefu_desk.presenters.gaps import gap_of, gaps_after, present_gap
from kefu_desk.presenters.timeline import RowKind
from tests.domain.values import ANNA, ME, NOON

GAP = Span(int(NOON) + 120, int(NOON) + 539)


def talk(*after_noon: int) -> DeskState:
    records = tuple(Record(ANNA, ME, 2003, f"{n}", int(NOON) + n) for n in after_noon)
    return DeskState(conversation=Conversation(ANNA, loaded=True, records=records))


def test_a_gap_tells_its_times_and_offers_to_fetch() -> None:
    row = present_gap(GAP, None, NOON + 900)
    assert row.kind is RowKind.NOTE
    assert (row.words.key, dict(row.words.params)) == ("chat.gap", {"start": "12:02", "end": "12:09"})
    assert [action.name for action in row.actions] == ["fetch"]
    assert gap_of(row.key) == GAP
    assert gap_of("o12") is None


@pytest.mark.parametrize(("fetching", "busy"), [(Span(0, 5), False), (Span(GAP.end, GAP.end + 9), True)])
def test_while_it_is_being_fetched_there_is_nothing_to_press(fetching: Span, busy: bool) -> None:
    row = present_gap(GAP, fetching, NOON + 900)
    assert row.words.key == ("chat.gap.busy" if busy else "chat.gap")
    assert bool(row.actions) is not busy


def test_another_day_is_named() -> None:
    row = present_gap(Span(int(NOON) - 86_400, int(NOON) - 1), None, NOON)
    assert dict(row.words.params) == {"start": "09-21 12:00", "end": "12:00"}
    late = present_gap(GAP, None, NOON + 86_400)
    assert dict(late.words.params) == {"start": "09-22 12:02", "end": "12:09"}


def test_a_gap_stands_where_its_messages_would() -> None:
    state = replace(talk(60, 600), coverage=Coverage(int(NOON), (GAP,)))
    chat = ChatPresenter()
    rows = [row.body or row.words.key for row in chat.present(state, NOON + 900).rows]
    assert rows == ["day.today", "60", "chat.gap", "600"]
    closed = replace(state, coverage=Coverage(int(NOON)))
    assert "chat.gap" not in [row.words.key for row in chat.present(closed, NOON + 900).rows]


def test_what_was_missed_before_the_conversation_is_none_of_its_business() -> None:
    state = replace(talk(600), coverage=Coverage(int(NOON), (GAP,)))
    assert [r.body for r in ChatPresenter().present(state, NOON + 900).rows if r.body] == ["600"]
    assert all(r.words.key != "chat.gap" for r in ChatPresenter().present(state, NOON + 900).rows)
    assert ChatPresenter().present(replace(talk(), coverage=state.coverage), NOON).rows == ()
    assert gaps_after(None, 0) == ()
