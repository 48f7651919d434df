import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kefu_desk.domain.agents import AgentAccount, Binding
from kefu_desk.domain.ids import tail
from kefu_desk.domain.messages import Kind, Record, numbered, record_key
from tests.domain.values import ANNA, BEN, ME, NOON, answered, said

RECORDS = st.lists(
    st.builds(
        said,
        st.sampled_from([ANNA, BEN]),
        st.sampled_from(["在吗", "好"]),
        st.integers(NOON, NOON + 2),
    ),
    max_size=12,
).map(lambda records: sorted(records, key=lambda r: r.time))


def test_equal_records_of_one_second_are_told_apart_by_their_number() -> None:
    records = numbered([said(ANNA, "好"), said(BEN, "好"), said(ANNA, "好"), said(ANNA, "好", NOON + 1)])
    assert [r.ordinal for r in records] == [0, 0, 1, 0]
    assert len({record_key(r) for r in records}) == 4


@given(RECORDS, st.integers(0, 3))
def test_numbers_do_not_depend_on_where_a_reading_begins(records: list[Record], skipped: int) -> None:
    whole = numbered(records)
    part = numbered([r for r in records if r.time >= NOON + skipped])
    assert part == tuple(r for r in whole if r.time >= NOON + skipped)
    assert len({record_key(r) for r in whole}) == len(records)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("[image]", Kind.IMAGE),
        ("[voice]", Kind.VOICE),
        ("[video]", Kind.VIDEO),
        ("[image] 看", Kind.TEXT),
        ("[news]", Kind.TEXT),
    ],
)
def test_media_are_known_by_their_placeholder(words: str, kind: Kind) -> None:
    assert said(ANNA, words).kind is kind
    assert answered(ANNA, words).kind is kind


@pytest.mark.parametrize("opercode", [1000, 1001, 1003, 1004, 2001])
def test_other_codes_are_notes_of_the_system(opercode: int) -> None:
    record = Record(ANNA, ME, opercode, "[image]", NOON)
    assert record.kind is Kind.SYSTEM
    assert not record.from_customer


def test_the_tail_is_the_last_four_letters_or_digits() -> None:
    assert tail("oLuye_abc-d_-") == "ABCD"
    assert tail("-_") == ""


def test_an_account_needs_a_person_or_an_invitation_that_still_holds() -> None:
    account = AgentAccount(ME, "小陈")
    assert account.binding(NOON) is Binding.UNBOUND
    invited = replace(account, invite_status="waiting", invite_expires=NOON + 1)
    assert invited.binding(NOON) is Binding.INVITED
    assert invited.binding(NOON + 1) is Binding.UNBOUND
    assert replace(invited, invite_status="rejected").binding(NOON) is Binding.UNBOUND
    assert replace(invited, wechat_id="wx1").binding(NOON) is Binding.BOUND
