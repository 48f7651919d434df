"""Which record explains which send (reliability 1.7)."""

import pytest
from msgspec.structs import replace

from kefu_desk.desk.reconcile import LATEST_SECONDS, SKEW_SECONDS, explain
from kefu_desk.domain.facts import EvidenceFound, OutboxChanged
from kefu_desk.domain.messages import Record, numbered
from kefu_desk.domain.outbox import OutboxItem, SendState
from tests.desk.shop import Shop, passes
from tests.domain.values import ANNA, BEN, COLLEAGUE, ME, NOON, answered, said, send

S = SendState


def pairs(items: list[OutboxItem], records: list[Record], offset: float = 0.0) -> dict[int, int]:
    """Send by number to the time of the record that explains it, seconds after noon."""
    found = explain(items, numbered(records), ME, offset)
    assert len({id(record) for _, record in found}) == len(found)
    return {item.id: record.time - NOON for item, record in found}


def unknown(number: int, started: float = NOON, words: str = "好") -> OutboxItem:
    return send(number, state=S.UNKNOWN, words=words, started=started)


def sent(number: int, started: float = NOON, words: str = "好") -> OutboxItem:
    return send(number, state=S.SENT, words=words, started=started)


@pytest.mark.parametrize(
    ("words", "same"),
    [("好", True), (" 好 ", True), ("好的", False), ("", False)],
)
def test_the_text_must_be_the_same_up_to_blanks(words: str, same: bool) -> None:
    assert (pairs([unknown(1)], [answered(ANNA, words)]) == {1: 0}) is same


def test_line_ends_and_blanks_inside_do_not_matter() -> None:
    assert pairs([unknown(1, words="一\n 二")], [answered(ANNA, " 一 二")]) == {1: 0}


@pytest.mark.parametrize(
    "record",
    [
        answered(BEN, "好"),
        answered(ANNA, "好", worker=COLLEAGUE),
        said(ANNA, "好"),
        Record(ANNA, ME, 1000, "好", NOON),
    ],
    ids=["another customer", "a colleague", "the customer", "the system"],
)
def test_what_others_said_explains_nothing(record: Record) -> None:
    assert pairs([unknown(1)], [record]) == {}


@pytest.mark.parametrize(
    ("seconds", "fits"),
    [
        (-SKEW_SECONDS - 1, False),
        (-SKEW_SECONDS, True),
        (LATEST_SECONDS, True),
        (LATEST_SECONDS + 1, False),
    ],
)
def test_a_record_is_never_older_than_its_send_nor_two_days_later(seconds: int, fits: bool) -> None:
    assert (pairs([unknown(1)], [answered(ANNA, "好", NOON + seconds)]) == {1: seconds}) is fits


def test_times_are_compared_on_wechats_clock() -> None:
    record = answered(ANNA, "好", NOON + 100)
    assert pairs([unknown(1, NOON + 200)], [record]) == {}
    assert pairs([unknown(1, NOON + 200)], [record], offset=-100.0) == {1: 100}


def test_sends_known_to_be_accepted_take_the_nearest_record_first() -> None:
    records = [answered(ANNA, "好", NOON + 1), answered(ANNA, "好", NOON + 21)]
    assert pairs([unknown(1, NOON), sent(2, NOON + 20)], records) == {1: 1, 2: 21}
    assert pairs([unknown(1, NOON), sent(2, NOON)], records[:1]) == {2: 1}


def test_who_was_answered_for_by_hand_claims_before_the_unknown() -> None:
    resolved = replace(unknown(1), state=S.RESOLVED)
    assert pairs([unknown(2, NOON + 1), resolved], [answered(ANNA, "好", NOON + 2)]) == {1: 2}


def test_of_two_unknown_sends_the_older_one_is_explained() -> None:
    assert pairs([unknown(2, NOON + 5), unknown(1, NOON)], [answered(ANNA, "好", NOON + 5)]) == {1: 5}


def test_equal_records_of_one_second_explain_a_send_each() -> None:
    records = [answered(ANNA, "好"), answered(ANNA, "好")]
    assert pairs([sent(1), sent(2), unknown(3)], records) == {1: 0, 2: 0}


def test_what_was_never_tried_or_is_explained_already_needs_no_record() -> None:
    idle = [
        send(1, words="好"),
        send(2, state=S.FAILED, words="好"),
        send(3, state=S.CANCELLED, words="好"),
        replace(sent(4), evidence=True),
        replace(unknown(5), started=None),
    ]
    assert pairs(idle, [answered(ANNA, "好")]) == {}


async def test_a_record_that_came_while_the_desk_was_off_tells_nothing_of_the_lag(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.send_text(openid, "好")
        await running.until(lambda _: any(f.item.state is S.SENT for f in running.of(OutboxChanged)))
    await passes(8 * 3600)
    async with shop.desk() as running:
        await running.until(lambda _: running.of(EvidenceFound))
    async with shop.desk() as running:
        learned = (await running.until(lambda s: s.calibration.confirmed)).calibration
        assert (learned.confirmed, learned.seen, learned.lags) == (1, 1, ())


def test_the_youngest_accepted_send_takes_a_late_record_first() -> None:
    """The record of an older twin may still come; that of the younger one cannot be an older record."""
    late = [answered(ANNA, "好", NOON + 15)]
    assert pairs([sent(1, NOON), sent(2, NOON + 14)], late) == {2: 15}
    assert pairs([sent(1, NOON), sent(2, NOON + 14)], [answered(ANNA, "好", NOON + 1)]) == {1: 1}


def test_a_record_is_kept_back_for_a_twin_under_way() -> None:
    """Else an older send takes it, and its own record then explains a third one that never arrived."""
    old = replace(unknown(1, NOON), state=S.RESOLVED)
    under_way = send(3, state=S.SENDING, words="好", started=NOON + 14)
    late = [answered(ANNA, "好", NOON + 15)]
    assert pairs([old, sent(2, NOON + 5), under_way], late) == {}
    assert pairs([old, sent(2, NOON + 5), replace(under_way, state=S.SENT)], late) == {3: 15}
    assert pairs([old, sent(2, NOON + 5), replace(under_way, state=S.FAILED)], late) == {2: 15}
    own = [answered(ANNA, "好", NOON + 6)]
    assert pairs([old, sent(2, NOON + 5), under_way], own) == {2: 6}
