import pytest
from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import AgentAccount
from kefu_desk.domain.cases import Session
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.failure import Category
from kefu_desk.domain.guard import SessionClock
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.limits import REPLY_SECONDS, ReplyRule, ReplyWindow
from kefu_desk.domain.messages import Record
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.sessions import (
    SessionRow,
    present_sessions,
    session_tone,
    window_of,
    window_share,
    window_tone,
)
from kefu_desk.presenters.tone import Tone
from kefu_desk.presenters.words import customer_name
from tests.domain.values import (
    ANNA,
    BEN,
    CARA,
    COLLEAGUE,
    ME,
    NOON,
    after,
    answered,
    failed,
    said,
    send,
    serving,
    told,
    waiting,
)

OPENED = f.DeskOpened("鹿野", ME, False, f.Vault.NONE, NOON)
HOUR = 3600


def digest(last: Record, **more: object) -> Digest:
    """A customer whose newest record is `last`."""
    customer = last.time if last.from_customer else None
    plain = Digest(last, customer, unanswered_since=customer, unanswered_count=1 if customer else 0, visits=1)
    return replace(plain, **more)  # type: ignore[arg-type]


def desk(openid: OpenId, known: Digest, *facts: f.Fact) -> DeskState:
    return after(OPENED, serving(openid), f.DigestsLoaded(((openid, known),)), *facts)


def row(state: DeskState, now: float = NOON) -> SessionRow:
    (one,) = present_sessions(state, now).rows
    return one


def test_unanswered_come_first_by_age_then_the_others_by_last_traffic() -> None:
    names = [OpenId(c) for c in "abcde"]
    digests = (
        (names[0], digest(answered(names[0], at=NOON + 50))),
        (names[1], digest(said(names[1], at=NOON + 30))),
        (names[2], digest(answered(names[2], at=NOON + 60))),
        (names[3], digest(said(names[3], at=NOON + 20))),
    )
    view = present_sessions(after(OPENED, serving(*names), f.DigestsLoaded(digests)), NOON + 100)
    assert "".join(r.key for r in view.rows) == "dbcae"
    assert (view.count, view.unanswered, view.known) == (5, 2, True)


def test_an_own_send_moves_a_session_up() -> None:
    digests = ((ANNA, digest(answered(ANNA, at=NOON + 10))), (BEN, digest(answered(BEN, at=NOON + 20))))
    state = after(OPENED, serving(ANNA, BEN), f.DigestsLoaded(digests))
    assert [r.key for r in present_sessions(state, NOON + 99).rows] == [BEN, ANNA]
    sent = f.OutboxChanged(send(1, ANNA, SendState.SENT, created=NOON + 30))
    view = present_sessions(after(sent, state=state), NOON + 99)
    assert [r.key for r in view.rows] == [ANNA, BEN]
    assert view.rows[0].time == "12:00"


@pytest.mark.parametrize(
    ("state", "answers"),
    [
        (SendState.SENT, True),
        (SendState.QUEUED, False),
        (SendState.SENDING, False),
        (SendState.UNKNOWN, False),
        (SendState.FAILED, False),
    ],
)
def test_only_an_accepted_send_answers(state: SendState, answers: bool) -> None:
    known = digest(said(ANNA))
    one = row(desk(ANNA, known, f.OutboxChanged(send(1, ANNA, state, created=NOON + 5))), NOON + 60)
    assert (one.unanswered is None) is answers
    assert one.unanswered == (None if answers else text("session.unanswered", time="1:00"))


def test_a_send_before_the_message_does_not_answer_it() -> None:
    known = digest(said(ANNA, at=NOON + 10))
    early = f.OutboxChanged(send(1, ANNA, SendState.SENT, created=NOON + 5))
    assert row(desk(ANNA, known, early), NOON + 20).unanswered is not None
    behind = f.ClockCompared(8.0)  # this computer is 8 s late
    assert row(desk(ANNA, known, early, behind), NOON + 20).unanswered is None


def test_unanswered_grows_amber_at_100_seconds() -> None:
    state = desk(ANNA, digest(said(ANNA)))
    tones = [row(state, NOON + s).unanswered_tone for s in (0, 99, 100)]
    assert tones == [Tone.MUTED, Tone.MUTED, Tone.SOON]
    assert row(desk(ANNA, digest(answered(ANNA))), NOON + 500).unanswered_tone is Tone.MUTED


@pytest.mark.parametrize(
    ("states", "left"),
    [
        ([], 3),
        ([SendState.QUEUED], 2),
        ([SendState.SENDING, SendState.UNKNOWN], 1),
        ([SendState.SENT], 2),
        ([SendState.FAILED], 3),
        ([SendState.SENT, SendState.QUEUED, SendState.QUEUED, SendState.QUEUED], 0),
    ],
)
def test_sends_that_no_record_shows_yet_are_counted(states: list[SendState], left: int) -> None:
    known = digest(said(ANNA), agent_sends=2)
    sends = [
        f.OutboxChanged(send(n, ANNA, s, words=str(n), created=NOON + 5)) for n, s in enumerate(states, 1)
    ]
    assert window_of(desk(ANNA, known, *sends), ANNA) == ReplyWindow(left, NOON + REPLY_SECONDS)


def test_sends_before_the_newest_message_and_those_with_a_record_cost_nothing_more() -> None:
    known = digest(said(ANNA, at=NOON + 10))
    old = f.OutboxChanged(send(1, ANNA, SendState.SENT, created=NOON + 5))
    shown = f.OutboxChanged(send(2, ANNA, SendState.SENT, created=NOON + 15, evidence=True))
    other = f.OutboxChanged(send(3, BEN, SendState.SENT, created=NOON + 15))
    assert window_of(desk(ANNA, known, old, shown, other), ANNA) == ReplyWindow(5, NOON + 10 + REPLY_SECONDS)
    assert window_of(desk(ANNA, known, old, f.ClockCompared(6.0)), ANNA).left == 4
    assert window_of(desk(ANNA, digest(answered(ANNA))), ANNA) is None


@pytest.mark.parametrize(
    ("age", "tone", "hours", "dots"),
    [
        (0, Tone.GOOD, text("window.hours", hours=48), 5),
        (46 * HOUR, Tone.GOOD, text("window.hours", hours=2), 5),
        (46 * HOUR + 1, Tone.SOON, text("window.hours", hours=1), 5),
        (47 * HOUR + 1, Tone.SOON, text("window.minutes", minutes=59), 5),
        (48 * HOUR, Tone.MUTED, text("window.over"), None),
    ],
)
def test_the_window_closes_after_48_hours(age: int, tone: Tone, hours: object, dots: int | None) -> None:
    one = row(desk(ANNA, digest(said(ANNA))), NOON + age)
    assert (one.ring_tone, one.hours, one.dots) == (tone, hours, dots)
    assert one.ring == pytest.approx(max(0.0, 1 - age / REPLY_SECONDS))


def test_nothing_is_claimed_about_a_window_nobody_saw_open() -> None:
    one = row(desk(ANNA, digest(answered(ANNA))))
    assert (one.ring, one.ring_tone, one.hours, one.dots) == (None, Tone.MUTED, None, None)
    assert window_share(ReplyWindow(5, NOON + 3 * REPLY_SECONDS), NOON) == 1.0
    assert window_tone(None, NOON) is Tone.MUTED


def test_a_session_is_amber_at_25_and_grey_at_30_minutes() -> None:
    session = Session(ANNA, ME, NOON)
    tones = [session_tone(after(OPENED), session, NOON + 60 * m) for m in (0, 24.9, 25, 29.9, 30)]
    assert tones == [Tone.GOOD, Tone.GOOD, Tone.SOON, Tone.SOON, Tone.MUTED]


def test_the_half_hour_counts_from_the_last_word_where_the_profile_says_so() -> None:
    said_late = f.DigestsLoaded(((ANNA, Digest(said(ANNA, at=NOON + 600), NOON + 600)),))
    facts = (OPENED, serving(ANNA), said_late)
    for clock, guards in (
        (SessionClock.CREATED, [None, "session.guard.soon", "session.guard.lapsed"]),
        (SessionClock.TRAFFIC, [None, None, "session.guard.soon"]),
    ):
        state = after(*facts, f.PolicySet(3.0, ReplyRule(), clock))
        rows = [present_sessions(state, NOON + 60 * m).rows[0] for m in (20, 27, 36)]
        assert [row.guard.key if row.guard is not None else None for row in rows] == guards
        assert all(row.guard is None or row.guard in row.sentence for row in rows)


def test_a_row_over_half_an_hour_says_that_words_may_not_arrive_even_while_it_is_unanswered() -> None:
    owed = Digest(said(ANNA), NOON, unanswered_since=NOON, unanswered_count=1)
    state = after(OPENED, serving(ANNA), f.DigestsLoaded(((ANNA, owed),)))
    (row,) = present_sessions(state, NOON + 1799).rows
    assert row.preview == (verbatim("在吗"),)
    (row,) = present_sessions(state, NOON + 1800).rows
    assert (row.preview, row.preview_tone) == ((text("session.guard.words"),), Tone.SOON)
    assert row.unanswered is not None


def test_the_header_counts_those_whose_words_may_not_arrive() -> None:
    state = after(OPENED, serving(ANNA, BEN), f.CaseAccepted(Session(CARA, ME, NOON + 600), NOON + 600))
    assert present_sessions(state, NOON + 60 * 29).lapsed == 0
    assert present_sessions(state, NOON + 60 * 31).lapsed == 2
    assert present_sessions(state, NOON + 60 * 41).lapsed == 3


@pytest.mark.parametrize(
    ("last", "preview"),
    [
        (said(ANNA, "一\n二   三"), (verbatim("一 二 三"),)),
        (answered(ANNA, "好"), (text("preview.mine"), verbatim("好"))),
        (said(ANNA, "[image]"), (text("media.image"),)),
        (said(ANNA, "[voice]"), (text("media.voice"),)),
        (answered(ANNA, "[video]"), (text("preview.mine"), text("media.video"))),
        (Record(ANNA, ME, 1004, "", NOON), (text("record.system", code=1004),)),
        (answered(ANNA, "好", worker=COLLEAGUE), (text("preview.peer", agent=COLLEAGUE), verbatim("好"))),
        (said(ANNA, "长" * 200), (verbatim("长" * 80),)),
    ],
)
def test_the_preview_is_the_newest_message(last: Record, preview: tuple[object, ...]) -> None:
    assert row(desk(ANNA, digest(last))).preview == preview


def test_a_colleagues_message_carries_the_nick_in_the_preview() -> None:
    known = digest(answered(ANNA, "好", worker=COLLEAGUE))
    one = row(desk(ANNA, known, f.AccountsObserved((AgentAccount(COLLEAGUE, "小王"),))))
    assert one.preview == (text("preview.peer", agent="小王"), verbatim("好"))


def test_an_own_send_is_previewed_before_its_record() -> None:
    known = digest(said(ANNA, "在吗", NOON))
    for state in (SendState.QUEUED, SendState.SENDING, SendState.SENT, SendState.UNKNOWN):
        one = row(desk(ANNA, known, f.OutboxChanged(send(1, ANNA, state, words="在", created=NOON + 1))))
        assert one.preview == (text("preview.mine"), verbatim("在"))
    older = f.OutboxChanged(send(1, ANNA, SendState.SENT, words="在", created=NOON - 1))
    assert row(desk(ANNA, known, older)).preview == (verbatim("在吗"),)
    assert row(desk(ANNA, known, older, f.ClockCompared(2.0))).preview == (
        text("preview.mine"),
        verbatim("在"),
    )


def test_without_any_message_the_preview_says_so() -> None:
    assert row(after(OPENED, serving(ANNA))).preview == (text("preview.nothing"),)


def test_a_draft_stands_in_for_the_preview_except_in_the_open_conversation() -> None:
    state = desk(ANNA, digest(said(ANNA, "在吗")), f.DraftKept(ANNA, "马上\n来"))
    one = row(state)
    assert (one.draft, one.preview) == (True, (verbatim("马上 来"),))
    assert text("session.sentence.draft") in one.sentence
    shown = row(after(f.ConversationOpened(ANNA), state=state))
    assert (shown.draft, shown.preview) == (False, (verbatim("在吗"),))
    assert present_sessions(after(f.ConversationOpened(ANNA), state=state), NOON).current == ANNA


def test_failed_and_unknown_sends_are_marked_the_worse_first() -> None:
    known = digest(said(ANNA))
    unknown = f.OutboxChanged(send(1, ANNA, SendState.UNKNOWN, created=NOON + 1))
    failure = f.OutboxChanged(send(2, ANNA, SendState.FAILED, created=NOON + 2))
    plain, some, both = (row(desk(ANNA, known, *x)) for x in ((), (unknown,), (unknown, failure)))
    assert (plain.mark, some.mark, both.mark) == ("", "unknown", "failed")
    assert (some.preview_tone, both.preview_tone) == (Tone.MUTED, Tone.LATE)
    assert text("session.sentence.unknown") in some.sentence
    assert text("session.sentence.failed") in both.sentence
    drafted = row(desk(ANNA, known, failure, f.DraftKept(ANNA, "x")))
    assert (drafted.mark, drafted.preview_tone) == ("failed", Tone.MUTED)


def test_bold_rows_are_unread_or_unanswered() -> None:
    quiet = digest(answered(ANNA))
    assert not row(desk(ANNA, quiet)).bold
    unread = row(desk(ANNA, quiet, told(said(ANNA))))
    assert (unread.bold, unread.unread) == (True, 1)
    assert row(desk(ANNA, digest(said(ANNA)))).bold


def test_the_sentence_says_everything_in_order() -> None:
    state = desk(ANNA, digest(said(ANNA, "在吗"), agent_sends=1), told(said(ANNA)))
    assert row(state, NOON + 61).sentence == (
        customer_name(ANNA),
        text("session.sentence.unread", 1),
        text("session.sentence.unanswered", span=text("span.minutes", minutes=1, seconds=1)),
        text("sends.left", 4),
        verbatim("在吗"),
    )


def test_the_time_is_that_of_the_last_traffic_or_of_the_session() -> None:
    assert row(desk(ANNA, digest(said(ANNA, at=NOON + 3660))), NOON + 4000).time == "13:01"
    assert row(after(OPENED, serving(ANNA))).time == "12:00"
    assert row(after(OPENED, serving(ANNA)), NOON + 86_400).time == "09-22"


def test_skeleton_and_next_are_told() -> None:
    view = present_sessions(after(OPENED), NOON + 6)
    assert (view.known, view.slow, view.can_accept_next) == (False, True, False)
    assert not present_sessions(after(OPENED), NOON + 5).slow
    view = present_sessions(after(OPENED, serving(), waiting(CARA)), NOON + 6)
    assert (view.known, view.slow, view.can_accept_next) == (True, False, True)


def test_a_parked_reply_marks_its_row_and_is_not_what_was_said_last() -> None:
    parked = f.OutboxChanged(send(1, ANNA, SendState.PARKED, words="明天答复", created=NOON + 9))
    state = after(serving(ANNA), told(said(ANNA, "在吗")), parked)
    row = present_sessions(state, NOON + 10).rows[0]
    assert (row.mark, text("session.sentence.parked") in row.sentence) == ("parked", True)
    assert verbatim("明天答复") not in row.preview
    unknown = after(f.OutboxChanged(send(2, ANNA, SendState.UNKNOWN)), state=state)
    assert present_sessions(unknown, NOON + 10).rows[0].mark == "unknown"


def test_where_wechat_does_not_count_a_row_has_a_ring_and_no_dots() -> None:
    known = f.DigestsLoaded(((ANNA, Digest(said(ANNA), NOON, agent_sends=9)),))
    state = after(serving(ANNA), known, f.PolicySet(3.0, ReplyRule(None, 12 * 3600)))
    row = present_sessions(state, NOON + 6 * 3600).rows[0]
    assert (row.ring, row.dots) == (0.5, None)
    assert not any(part.key == "sends.left" for part in row.sentence)


def test_a_refused_customer_has_an_empty_ring_and_no_sends() -> None:
    failure = failed(Category.WINDOW_CLOSED)
    refused = f.OutboxChanged(send(1, ANNA, SendState.FAILED, created=NOON + 5, failure=failure))
    known = f.DigestsLoaded(((ANNA, Digest(said(ANNA), NOON)),))
    row = present_sessions(after(serving(ANNA), known, refused), NOON + 10).rows[0]
    assert (row.ring, row.dots, row.hours) == (0.0, 0, text("window.refused"))
