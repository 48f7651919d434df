"""What the desk may say about a wait: never more than the truth (product 4.1)."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from kefu_desk.domain.cases import ListedCase, WaitingCase, observe_waiting
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.text import text
from kefu_desk.presenters.queue import present_queue
from tests.domain.values import ANNA, BEN, CARA, NOON, accepted, after, waiting


def rows(*pairs: tuple[OpenId, int]) -> tuple[ListedCase, ...]:
    return tuple(ListedCase(openid, time) for openid, time in pairs)


def bounds(cases: tuple[WaitingCase, ...]) -> dict[OpenId, int]:
    return {case.openid: case.arrived_by for case in cases}


def test_nobody_arrived_later_than_anyone_behind_them() -> None:
    cases = observe_waiting((), rows((ANNA, 500), (BEN, 100), (CARA, 300)), joined_late=True)
    assert bounds(cases) == {ANNA: 100, BEN: 100, CARA: 300}
    assert all(case.joined_late for case in cases)


def test_a_new_message_does_not_make_a_wait_younger() -> None:
    first = observe_waiting((), rows((ANNA, 100)), joined_late=False)
    (case,) = observe_waiting(first, rows((ANNA, 160)), joined_late=True)
    assert (case.arrived_by, case.latest_time, case.joined_late) == (100, 160, False)


def test_what_was_learnt_from_somebody_behind_is_kept_when_they_leave() -> None:
    first = observe_waiting((), rows((ANNA, 500), (BEN, 100)), joined_late=True)
    assert bounds(observe_waiting(first, rows((ANNA, 510)), joined_late=False)) == {ANNA: 100}
    first = observe_waiting((), rows((ANNA, 500), (BEN, 100), (CARA, 300)), joined_late=True)
    left = observe_waiting(first, rows((ANNA, 500), (CARA, 300)), joined_late=False)
    assert bounds(left) == {ANNA: 100, CARA: 300}


def test_who_left_and_came_back_waits_anew_and_spoils_nobody_elses_wait() -> None:
    first = observe_waiting((), rows((ANNA, 100), (BEN, 200)), joined_late=False)
    again = observe_waiting(first, rows((BEN, 200), (ANNA, 300)), joined_late=False)
    assert bounds(again) == {BEN: 200, ANNA: 300}
    behind_a_newcomer = observe_waiting(first, rows((CARA, 250), (BEN, 260)), joined_late=False)
    assert bounds(behind_a_newcomer) == {CARA: 250, BEN: 260}


def test_an_unchanged_list_gives_the_same_cases() -> None:
    first = observe_waiting((), rows((ANNA, 100), (BEN, 200)), joined_late=False)
    again = observe_waiting(first, rows((ANNA, 100), (BEN, 200)), joined_late=True)
    assert [a is b for a, b in zip(first, again, strict=True)] == [True, True]


def test_at_start_and_after_a_gap_a_wait_is_a_lower_bound() -> None:
    state = after(waiting(ANNA))
    assert state.queue.cases[0].joined_late
    state = after(waiting(ANNA, BEN, at=NOON + 3), state=state)
    assert [c.joined_late for c in state.queue.cases] == [True, False]
    state = after(waiting(ANNA, BEN, CARA, at=NOON + 13), state=state)
    assert [c.joined_late for c in state.queue.cases] == [True, False, True]


@dataclass
class Line:
    """The truth: who waits since when, in order of arrival."""

    now: int = NOON
    since: dict[OpenId, int] = field(default_factory=dict)
    latest: dict[OpenId, int] = field(default_factory=dict)
    stayed: set[OpenId] = field(default_factory=set)

    def act(self, action: str, openid: OpenId, seconds: int) -> None:
        self.now += seconds
        if action == "says":
            self.since.setdefault(openid, self.now)
            self.latest[openid] = self.now
        elif action == "leaves":
            self.since.pop(openid, None)
            self.stayed.discard(openid)

    def listed(self) -> tuple[ListedCase, ...]:
        return tuple(ListedCase(openid, self.latest[openid]) for openid in self.since)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["says", "says", "leaves", "read", "read"]),
        st.sampled_from([OpenId(c) for c in "abcde"]),
        st.integers(0, 5),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(ACTS)
def test_a_wait_is_never_over_reported_and_never_shrinks(acts: list[tuple[str, OpenId, int]]) -> None:
    line, cases, before = Line(), (), dict[OpenId, int]()
    for action, openid, seconds in acts:
        if action != "read":
            line.act(action, openid, seconds)
            continue
        cases = observe_waiting(cases, line.listed(), joined_late=False)
        assert [c.openid for c in cases] == list(line.since)
        found = bounds(cases)
        # who leaves and comes back between two readings with nobody behind them looks like one who stayed
        known = {o for o in found if o in line.stayed or o not in before}
        assert all(found[o] >= line.since[o] for o in known)
        assert all(found[o] <= before[o] for o in line.stayed)
        before = found
        line.stayed = set(line.since) & (known | line.stayed)


@given(st.lists(st.sampled_from([OpenId(c) for c in "abcdef"]), unique=True))
def test_somebody_seen_from_the_first_message_has_an_exact_wait(openids: list[OpenId]) -> None:
    cases: tuple[WaitingCase, ...] = ()
    seen: list[tuple[OpenId, int]] = []
    for second, openid in enumerate(openids):
        seen.append((openid, NOON + second))
        cases = observe_waiting(cases, rows(*seen), joined_late=False)
    assert bounds(cases) == dict(seen)


def test_f_h17_who_is_missing_from_a_list_that_is_cut_may_wait_all_the_same() -> None:
    everybody = [OpenId(f"o{number:027}") for number in range(150)]
    state = after(waiting(*everybody[:100], count=150))
    view = present_queue(state, NOON)
    assert (view.count, len(view.rows)) == (150, 100)
    assert view.unlisted == text("queue.unlisted", total=150, listed=100)

    moved_back = [*everybody[1:100], everybody[100]]  # the first one wrote again, or was served
    state = after(waiting(*moved_back, at=NOON + 3, count=150), state=state)
    assert [c.openid for c in state.queue.cases] == [*moved_back, everybody[0]]
    assert [c.listed for c in state.queue.cases] == [True] * 100 + [False]
    assert bounds(state.queue.cases)[everybody[0]] == NOON, "and nobody's wait is forgotten"
    assert present_queue(state, NOON).unlisted == text("queue.unlisted", total=150, listed=100)

    state = after(waiting(*moved_back[:100], at=NOON + 6, count=100), state=state)
    assert [c.openid for c in state.queue.cases] == moved_back, "a whole list is believed"
    assert present_queue(state, NOON).unlisted is None


def test_no_more_are_kept_than_wechat_counts() -> None:
    state = after(waiting(ANNA, BEN, CARA, count=4))
    state = after(waiting(CARA, at=NOON + 3, count=2), state=state)
    assert [(c.openid, c.listed) for c in state.queue.cases] == [(CARA, True), (ANNA, False)]
    state = after(
        accepted(ANNA, NOON + 4), waiting(CARA, at=NOON + 6, started=NOON + 3, count=2), state=state
    )
    assert ANNA not in bounds(state.queue.cases), "nor anybody whom this desk serves"
