import pytest
from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import AgentAccount, OnlineAgent
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.failure import Category
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import text
from kefu_desk.presenters.queue import longest_wait, present_queue
from kefu_desk.presenters.tone import Tone
from kefu_desk.presenters.words import customer_name
from tests.domain.values import ANNA, BEN, CARA, COLLEAGUE, ME, NOON, after, failed, waiting

OPENED = f.DeskOpened("鹿野", ME, False, f.Vault.NONE, NOON)
ACCOUNTS = f.AccountsObserved((AgentAccount(ME, "小陈"), AgentAccount(COLLEAGUE, "小王")))
SEEN = (OPENED, ACCOUNTS, waiting(at=NOON - 3))


def online(*agents: AgentId) -> f.AgentsObserved:
    return f.AgentsObserved(tuple(OnlineAgent(a, 1, 0) for a in agents), NOON, 9.0)


def waited(seconds: int, *facts: f.Fact) -> DeskState:
    """A desk that saw Anna come, so many seconds before `NOON + seconds`."""
    return after(*SEEN, waiting(ANNA), *facts)


@pytest.mark.parametrize(
    ("seconds", "tone", "timer", "badge"),
    [
        (0, Tone.MUTED, "0:00", None),
        (59, Tone.MUTED, "0:59", None),
        (60, Tone.SOON, "1:00", "queue.badge.soon"),
        (179, Tone.SOON, "2:59", "queue.badge.soon"),
        (180, Tone.LATE, "3:00", "queue.badge.late"),
        (3599, Tone.LATE, "59:59", "queue.badge.late"),
        (3600, Tone.LATE, "1:00", "queue.badge.late"),
        (-5, Tone.MUTED, "0:00", None),
    ],
)
def test_a_wait_grows_amber_at_60_and_red_at_180_seconds(
    seconds: int, tone: Tone, timer: str, badge: str | None
) -> None:
    (row,) = present_queue(waited(seconds), NOON + seconds).rows
    assert (row.tone, row.timer) == (tone, timer)
    assert row.badge == (text(badge) if badge else None)
    assert (row.badge in row.sentence) is (badge is not None)


def test_the_wait_is_measured_on_wechats_clock() -> None:
    state = waited(0, f.ClockCompared(90.0))
    (row,) = present_queue(state, NOON).rows
    assert (row.timer, row.tone) == ("1:30", Tone.SOON)
    assert longest_wait(state, NOON) == ("1:30", 90.0)


def test_the_sentence_says_place_name_story_and_wait() -> None:
    state = waited(0, waiting(ANNA, BEN))
    row = present_queue(state, NOON + 75).rows[1]
    assert row.sentence == (
        text("queue.sentence.place", place=2),
        customer_name(BEN),
        text("queue.new_customer"),
        text("queue.sentence.wait", span=text("span.minutes", minutes=1, seconds=15)),
        text("queue.badge.soon"),
    )


def test_a_wait_that_began_before_the_desk_is_marked_as_at_least() -> None:
    (row,) = present_queue(after(OPENED, waiting(ANNA)), NOON + 5).rows
    assert row.timer == "≥0:05"
    assert text("queue.sentence.at_least", span=text("span.seconds", 5)) in row.sentence
    assert longest_wait(after(OPENED, waiting(ANNA)), NOON + 5) == ("≥0:05", 5.0)


def test_a_known_customer_is_told_by_visits_agent_and_day() -> None:
    digest = Digest(visits=2, last_agent=COLLEAGUE, last_visit=NOON - 86_400 * 3)
    row = present_queue(waited(0, f.DigestsLoaded(((ANNA, digest),))), NOON).rows[0]
    told = (text("queue.visits", visits=3), text("queue.last_agent", agent="小王"), text("ago.days", 3))
    assert row.detail == told
    strangers = replace(digest, last_agent=AgentId("kf9@luye"), last_visit=None)
    row = present_queue(waited(0, f.DigestsLoaded(((ANNA, strangers),))), NOON).rows[0]
    assert row.detail == (text("queue.visits", visits=3), text("queue.last_agent", agent="kf9@luye"))


def test_more_may_wait_than_are_listed() -> None:
    assert present_queue(waited(0), NOON).unlisted is None
    view = present_queue(after(*SEEN, waiting(ANNA, BEN, count=130)), NOON)
    assert (view.count, len(view.rows)) == (130, 2)
    assert view.unlisted == text("queue.unlisted", total=130, listed=2)


def test_a_taken_customer_stays_readable_at_the_old_place() -> None:
    refusal = failed(Category.TAKEN)
    state = after(*SEEN, waiting(ANNA, BEN, CARA), f.AcceptFailed(BEN, refusal, COLLEAGUE, NOON))
    rows = present_queue(state, NOON).rows
    assert [row.key for row in rows] == [ANNA, BEN, CARA]
    assert rows[1].note == text("queue.taken_by", agent="小王")
    assert (rows[1].can_accept, rows[1].accepting, rows[1].tone) == (False, False, Tone.MUTED)
    assert rows[1].sentence == (customer_name(BEN), rows[1].note)
    state = after(*SEEN, waiting(ANNA, BEN), f.AcceptFailed(BEN, refusal, None, NOON))
    assert present_queue(state, NOON).rows[1].note == text("queue.taken")
    stranger = after(*SEEN, waiting(ANNA), f.AcceptFailed(ANNA, refusal, AgentId("kf9@x"), NOON))
    assert present_queue(stranger, NOON).rows[0].note == text("queue.taken_by", agent="kf9@x")


def test_the_skeleton_says_after_five_seconds_that_it_takes_long() -> None:
    state = after(OPENED)
    assert [present_queue(state, NOON + s).slow for s in (0, 5, 6)] == [False, False, True]
    assert not present_queue(state, NOON + 6).known
    assert not present_queue(DeskState(), NOON + 99).slow
    assert not present_queue(after(*SEEN), NOON + 99).slow


def test_an_empty_queue_says_when_somebody_waited_last() -> None:
    view = present_queue(after(*SEEN), NOON)
    assert (view.known, view.rows, view.empty) == (True, (), text("queue.empty"))
    view = present_queue(after(*SEEN, waiting(ANNA), waiting(at=NOON + 3)), NOON + 600)
    assert view.empty == text("queue.empty.last", time="12:00")


def test_the_next_can_be_taken_while_somebody_waits_whom_nobody_is_taking() -> None:
    state = after(*SEEN, waiting(ANNA, BEN), f.AcceptStarted(ANNA))
    view = present_queue(state, NOON)
    assert [(row.accepting, row.can_accept) for row in view.rows] == [(True, True), (False, True)]
    assert (view.can_accept_next, view.why_not) == (True, None)
    assert not present_queue(after(f.AcceptStarted(BEN), state=state), NOON).can_accept_next
    empty = present_queue(after(*SEEN), NOON)
    assert (empty.can_accept_next, empty.why_not) == (False, text("queue.empty"))


def test_an_agent_who_is_offline_at_wechat_cannot_take_anybody() -> None:
    reason = text("accept.refused.offline")
    view = present_queue(waited(0, online(COLLEAGUE)), NOON)
    assert (view.rows[0].can_accept, view.can_accept_next, view.why_not) == (False, False, reason)
    view = present_queue(waited(0, online(ME)), NOON)
    assert (view.rows[0].can_accept, view.can_accept_next, view.why_not) == (True, True, None)


def test_the_longest_wait_is_that_of_who_came_first() -> None:
    assert longest_wait(DeskState(), NOON) is None
    state = after(*SEEN, waiting(ANNA), waiting(ANNA, OpenId("b"), at=NOON + 3))
    assert longest_wait(state, NOON + 10) == ("0:10", 10.0)
