"""When to read again: periods by what the desk is doing, spread so that desks do not march in step."""

import pytest

from kefu_desk.desk.cadence import DOUBT, Cadence, Mood, mood_of, phase, spread
from kefu_desk.domain.agents import Presence
from kefu_desk.domain.cases import Session
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.state import Agents, Conversation, DeskState, Queue, Sessions
from tests.desk.shop import ME

SERVED = Sessions(items=(Session(OpenId("a"), ME, 0),))
TALK = Conversation(OpenId("a"))
NOTHING = DeskState()


@pytest.mark.parametrize(
    ("mood", "printed"),
    [
        (Mood.TALKING, (5, 30, 30, 3)),
        (Mood.SERVING, (10, 60, 60, 8)),
        (Mood.CALLED, (4, 60, 30, 15)),
        (Mood.QUIET, (15, 120, 60, 30)),
        (Mood.UNSEEN, (30, 300, 120, 60)),
    ],
)
def test_the_table_scales_with_the_base(mood: Mood, printed: tuple[float, ...]) -> None:
    for base in (1.5, 3.0, 6.0):
        cadence = Cadence(base)
        made = tuple(
            cadence.period(feed, mood) for feed in (Feed.WAITING, Feed.SESSIONS, Feed.ONLINE, Feed.RECORDS)
        )
        assert made == pytest.approx(tuple(seconds * base / 3 for seconds in printed))


@pytest.mark.parametrize(
    ("state", "active", "shown", "mood"),
    [
        (NOTHING, False, True, Mood.QUIET),
        (DeskState(queue=Queue(count=1)), False, True, Mood.CALLED),
        (DeskState(sessions=SERVED, queue=Queue(count=1)), False, True, Mood.SERVING),
        (DeskState(sessions=SERVED, conversation=TALK), True, True, Mood.TALKING),
        (DeskState(sessions=SERVED, conversation=TALK), False, True, Mood.SERVING),
        (NOTHING, True, True, Mood.QUIET),
        (DeskState(sessions=SERVED, conversation=TALK), True, False, Mood.UNSEEN),
    ],
)
def test_what_the_desk_is_doing(state: DeskState, active: bool, shown: bool, mood: Mood) -> None:
    assert mood_of(state, active=active, shown=shown) is mood


def test_a_list_that_is_suddenly_empty_is_asked_for_again_soon() -> None:
    cadence = Cadence()
    doubtful = DeskState(sessions=Sessions(missed=frozenset({OpenId("a")})), agents=Agents(emptied=True))
    assert cadence.until_next(Feed.SESSIONS, Mood.QUIET, doubtful) == DOUBT
    assert cadence.until_next(Feed.ONLINE, Mood.QUIET, doubtful) == DOUBT
    assert cadence.until_next(Feed.WAITING, Mood.QUIET, doubtful) == 15


def test_an_agent_who_is_offline_at_wechat_does_not_wait_a_minute_to_be_seen_there() -> None:
    offline = DeskState(agents=Agents(presence=Presence.OFFLINE))
    assert Cadence().until_next(Feed.ONLINE, Mood.QUIET, offline) == 10
    assert Cadence().until_next(Feed.ONLINE, Mood.UNSEEN, offline) == 120
    assert Cadence().until_next(Feed.ONLINE, Mood.QUIET, NOTHING) == 60


@pytest.mark.parametrize("roll", [0.0, 0.3, 0.999999])
def test_a_period_trembles_by_a_tenth_and_is_never_exceeded(roll: float) -> None:
    assert 0.75 <= spread(roll) <= 0.95
    assert spread(0.0) < spread(0.9)


def test_desks_that_open_together_do_not_stay_together() -> None:
    parts = [phase(f"kf{number}@luye", Feed.WAITING) for number in range(2001, 2101)]
    assert all(0.25 <= part < 1 for part in parts)
    quarters = {int((part - 0.25) / 0.25) for part in parts}
    assert quarters == {0, 1, 2}
    assert len(set(parts)) > 80
    assert phase("a", Feed.WAITING) != phase("a", Feed.RECORDS)
