"""A reading that was under way while this desk accepted or closed cannot undo it."""

from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import OnlineAgent, Presence
from kefu_desk.domain.failure import Category
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.reduce import reduce
from kefu_desk.domain.state import DeskState
from tests.domain.values import ANNA, BEN, COLLEAGUE, ME, NOON, accepted, after, failed, serving, waiting


def names(state: DeskState) -> tuple[list[OpenId], list[OpenId]]:
    return [c.openid for c in state.queue.cases], [s.openid for s in state.sessions.items]


def test_a_reading_under_way_keeps_an_accepted_customer() -> None:
    state = after(waiting(ANNA, BEN), serving(), accepted(ANNA, NOON + 2))
    state = after(serving(at=NOON + 3, started=NOON + 1), state=state)
    state = after(waiting(ANNA, BEN, at=NOON + 3, started=NOON + 1), state=state)
    assert names(state) == ([BEN], [ANNA])
    assert state.queue.count == 1


def test_a_reading_begun_later_is_believed() -> None:
    state = after(waiting(ANNA), serving(), accepted(ANNA, NOON + 2), serving(BEN, at=NOON + 4))
    assert names(after(serving(BEN, at=NOON + 5), state=state)) == ([], [BEN])


def test_f_r22_a_session_that_is_missing_once_stays() -> None:
    state = after(serving(ANNA, BEN), serving(BEN, at=NOON + 6))
    assert set(names(state)[1]) == {ANNA, BEN}
    back = after(serving(ANNA, BEN, at=NOON + 7), serving(BEN, at=NOON + 8), state=state)
    assert set(names(back)[1]) == {ANNA, BEN}, "missing again, but not twice in a row"
    assert names(after(serving(BEN, at=NOON + 7), state=state))[1] == [BEN]
    assert names(after(f.SessionClosed(ANNA, NOON + 7), state=state))[1] == [BEN]


def test_a_list_that_is_suddenly_empty_has_to_come_twice() -> None:
    state = after(serving(ANNA, BEN), serving(at=NOON + 6))
    assert names(state) == ([], [ANNA, BEN])
    assert names(after(serving(BEN, at=NOON + 7), state=state)) == ([], [BEN])
    assert names(after(serving(at=NOON + 7), state=state)) == ([], [])


def test_nobody_online_has_to_be_heard_twice() -> None:
    here = (OnlineAgent(ME, 1, 0), OnlineAgent(COLLEAGUE, 1, 2))
    opened = f.DeskOpened("shop", ME, simulated=False, vault=f.Vault.KEYRING, at=NOON)
    state = after(opened, f.AgentsObserved(here, NOON, 9.0), f.AgentsObserved((), NOON + 9, 9.0))
    assert (state.agents.online, state.agents.presence) == (here, Presence.ONLINE)
    alone = after(f.AgentsObserved(here[1:], NOON + 10, 9.0), state=state)
    assert alone.agents.presence is Presence.OFFLINE
    assert after(f.AgentsObserved((), NOON + 10, 9.0), state=state).agents.online == ()


def test_a_reading_under_way_does_not_bring_back_a_closed_session() -> None:
    state = after(serving(ANNA), f.SessionClosed(ANNA, NOON + 2))
    assert names(after(serving(ANNA, at=NOON + 3, started=NOON + 1), state=state)) == ([], [])
    assert names(after(serving(ANNA, at=NOON + 4), state=state)) == ([], [ANNA])


def test_an_old_waiting_list_does_not_bring_back_who_was_accepted_and_closed() -> None:
    state = after(waiting(ANNA), accepted(ANNA, NOON + 2), serving(ANNA, at=NOON + 3))
    state = after(f.SessionClosed(ANNA, NOON + 4), serving(at=NOON + 5), state=state)
    assert names(after(waiting(ANNA, at=NOON + 6, started=NOON + 1), state=state)) == ([], [])
    assert names(after(waiting(ANNA, at=NOON + 8), state=state)) == ([ANNA], [])


def test_an_accepted_customer_can_be_accepted_again_after_a_close() -> None:
    state = after(accepted(ANNA, NOON), f.SessionClosed(ANNA, NOON + 1), accepted(ANNA, NOON + 2))
    assert names(after(serving(at=NOON + 4, started=NOON + 2), state=state)) == ([], [ANNA])
    assert names(after(serving(ANNA, at=NOON + 4, started=NOON), state=state)) == ([], [ANNA])


def test_who_is_served_does_not_wait() -> None:
    state = after(serving(ANNA), waiting(ANNA, BEN, at=NOON + 1))
    assert names(state) == ([BEN], [ANNA])
    assert state.queue.count == 1


def test_who_was_taken_is_shown_once_and_for_a_moment() -> None:
    refusal = failed(Category.TAKEN)
    state = after(waiting(ANNA, BEN), f.AcceptFailed(ANNA, refusal, COLLEAGUE, NOON + 2))
    assert [(t.case.openid, t.index, t.holder) for t in state.queue.taken] == [(ANNA, 0, COLLEAGUE)]
    assert (names(state)[0], state.queue.count) == ([BEN], 1)
    state = after(waiting(ANNA, BEN, at=NOON + 3, started=NOON + 1), state=state)
    assert (names(state)[0], len(state.queue.taken)) == ([BEN], 1)
    back = after(waiting(BEN, ANNA, at=NOON + 4, started=NOON + 4), state=state)
    assert (names(back)[0], back.queue.taken) == ([BEN, ANNA], ())
    assert after(waiting(BEN, at=NOON + 6), state=state).queue.taken == ()


@pytest.mark.parametrize("category", [Category.AGENT_OFFLINE, Category.BUSY, Category.NETWORK])
def test_after_any_other_refusal_the_customer_still_waits(category: Category) -> None:
    state = after(waiting(ANNA), f.AcceptStarted(ANNA))
    assert state.queue.accepting == {ANNA}
    state = after(f.AcceptFailed(ANNA, failed(category), None, NOON), state=state)
    assert (names(state)[0], state.queue.accepting, state.queue.taken) == ([ANNA], frozenset(), ())


@dataclass
class Reading:
    """A request under way: asked for at `started`; `seen` is WeChat's answer once it was made."""

    started: int
    seen: list[OpenId] | None = None


@dataclass
class Truth:
    """What WeChat knows."""

    waits: list[OpenId] = field(default_factory=list)
    mine: list[OpenId] = field(default_factory=list)


PEOPLE = st.sampled_from([OpenId(c) for c in "abc"])
FEEDS = st.sampled_from(["waiting", "sessions"])


class Races(RuleBasedStateMachine):
    """Readings and commands take time and overlap in every order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.truth = Truth()
        self.state = DeskState()
        self.readings: dict[str, Reading] = {}
        self.untold_accepts: list[OpenId] = []
        self.untold_closes: list[OpenId] = []
        self.served: set[OpenId] = set()
        self.gone: set[OpenId] = set()

    def tell(self, fact: f.Fact) -> None:
        self.state = reduce(self.state, fact)

    @rule(openid=PEOPLE)
    def customer_writes(self, openid: OpenId) -> None:
        self.now += 1
        if openid not in self.truth.mine + self.truth.waits + self.untold_closes:
            self.truth.waits.append(openid)
            self.gone.discard(openid)

    @rule(feed=FEEDS)
    def ask(self, feed: str) -> None:
        self.now += 1
        self.readings.setdefault(feed, Reading(self.now))

    @rule(feed=FEEDS)
    def wechat_answers(self, feed: str) -> None:
        self.now += 1
        reading = self.readings.get(feed)
        if reading is not None and reading.seen is None:
            reading.seen = list(self.truth.waits if feed == "waiting" else self.truth.mine)

    @rule(feed=FEEDS)
    def reading_is_told(self, feed: str) -> None:
        self.now += 1
        reading = self.readings.get(feed)
        if reading is None or reading.seen is None:
            return
        del self.readings[feed]
        seen = reading.seen
        if feed == "waiting":
            self.tell(waiting(*seen, at=self.now, started=reading.started))
        else:
            self.tell(serving(*seen, at=self.now, started=reading.started))

    @precondition(lambda self: self.truth.waits)
    @rule()
    def wechat_gives_a_customer(self) -> None:
        self.now += 1
        openid = self.truth.waits.pop(0)
        self.truth.mine.append(openid)
        self.untold_accepts.append(openid)

    @precondition(lambda self: self.untold_accepts)
    @rule()
    def accept_is_told(self) -> None:
        self.now += 1
        openid = self.untold_accepts.pop(0)
        self.tell(accepted(openid, self.now))
        self.served.add(openid)

    @precondition(lambda self: set(self.truth.mine) - set(self.untold_accepts))
    @rule()
    def wechat_ends_a_session(self) -> None:
        self.now += 1
        openid = next(o for o in self.truth.mine if o not in self.untold_accepts)
        self.truth.mine.remove(openid)
        self.served.discard(openid)
        self.untold_closes.append(openid)

    @precondition(lambda self: self.untold_closes)
    @rule()
    def close_is_told(self) -> None:
        self.now += 1
        openid = self.untold_closes.pop(0)
        self.tell(f.SessionClosed(openid, self.now))
        self.gone.add(openid)

    @invariant()
    def who_is_served_is_shown_as_served(self) -> None:
        queue, mine = names(self.state)
        assert self.served <= set(mine)
        assert not self.served & set(queue)

    @invariant()
    def who_is_gone_is_shown_nowhere(self) -> None:
        queue, mine = names(self.state)
        assert not self.gone & set(queue)
        assert not self.gone & set(mine)

    @invariant()
    def nobody_is_shown_twice(self) -> None:
        queue, mine = names(self.state)
        assert len(queue) == len(set(queue))
        assert len(mine) == len(set(mine))
        assert self.state.queue.count >= len(queue)

    def teardown(self) -> None:
        while self.untold_accepts:
            self.accept_is_told()
        while self.untold_closes:
            self.close_is_told()
        self.readings.clear()
        for feed in ("waiting", "sessions"):
            self.ask(feed)
            self.wechat_answers(feed)
            self.reading_is_told(feed)
        queue, mine = names(self.state)
        assert queue == self.truth.waits
        assert sorted(mine) == sorted(self.truth.mine)


TestRaces = Races.TestCase
TestRaces.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
