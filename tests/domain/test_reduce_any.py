"""Whatever happens in whatever order: no fact raises, and a fact that changes nothing keeps the objects."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import AgentAccount, OnlineAgent, Presence
from kefu_desk.domain.calibration import Calibration
from kefu_desk.domain.cases import ListedCase, Session, WaitingList
from kefu_desk.domain.digest import EMPTY, Digest
from kefu_desk.domain.failure import Category
from kefu_desk.domain.ids import OpenId, OutboxId
from kefu_desk.domain.limits import ReplyRule
from kefu_desk.domain.messages import Record, record_key
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.domain.quota import Path, PathUse
from kefu_desk.domain.reading import Coverage
from kefu_desk.domain.reduce import REDUCERS, reduce
from kefu_desk.domain.reduce_chat import SHOWN
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import text
from tests.domain.values import COLLEAGUE, ME, NOON, failed

openids = st.sampled_from([OpenId(c) for c in "abc"])
agents = st.sampled_from([ME, COLLEAGUE])
seconds = st.integers(NOON, NOON + 6)
words = st.sampled_from(["在吗", "好", "[image]", ""])
failures = st.builds(failed, st.sampled_from(Category))
records = st.builds(
    Record, openids, agents, st.sampled_from([2002, 2003, 1000]), words, seconds, st.integers(0, 1)
)
items = st.builds(
    OutboxItem,
    id=st.integers(1, 4).map(OutboxId),
    openid=openids,
    agent=agents,
    text=words,
    created=seconds,
    state=st.sampled_from(SendState),
    attempts=st.integers(0, 2),
    started=st.one_of(st.none(), seconds),
    failure=st.one_of(st.none(), failures),
    evidence=st.booleans(),
)
sessions = st.builds(Session, openids, agents, seconds)
digests = st.builds(
    Digest, last=st.one_of(st.none(), records), unanswered_since=st.one_of(st.none(), seconds)
)
known = st.lists(st.tuples(openids, st.one_of(st.just(EMPTY), digests)), max_size=2).map(tuple)
listed = st.lists(st.builds(ListedCase, openids, seconds), max_size=3, unique_by=lambda c: c.openid).map(
    tuple
)


def some(kind: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(kind, max_size=3).map(tuple)


FACTS: dict[type, st.SearchStrategy] = {
    f.DeskOpened: st.builds(
        f.DeskOpened, words, agents, st.booleans(), st.sampled_from(f.Vault), seconds.map(float)
    ),
    f.WaitingObserved: st.builds(
        f.WaitingObserved, st.builds(WaitingList, st.integers(0, 5), listed), seconds, seconds, st.just(3.0)
    ),
    f.SessionsObserved: st.builds(
        f.SessionsObserved,
        st.lists(sessions, max_size=3, unique_by=lambda s: s.openid).map(tuple),
        seconds,
        seconds,
        st.just(6.0),
    ),
    f.AgentsObserved: st.builds(
        f.AgentsObserved,
        some(st.builds(OnlineAgent, agents, st.integers(0, 1), st.integers(0, 3))),
        seconds,
        st.just(9.0),
    ),
    f.AccountsObserved: st.builds(f.AccountsObserved, some(st.builds(AgentAccount, agents, words))),
    f.RecordsObserved: st.builds(f.RecordsObserved, some(records), known, seconds, st.just(3.0)),
    f.RecordsFound: st.builds(f.RecordsFound, some(records), known),
    f.CoverageTold: st.builds(f.CoverageTold, st.builds(Coverage, st.sampled_from([None, 0, 5]))),
    f.ReadFailed: st.builds(f.ReadFailed, st.sampled_from(f.Feed), failures, seconds, seconds),
    f.DigestsLoaded: st.builds(f.DigestsLoaded, known),
    f.ClockCompared: st.builds(f.ClockCompared, st.sampled_from([-1.5, 0.0, 90.0])),
    f.CallsCounted: st.builds(f.CallsCounted, st.integers(0, 3)),
    f.QuotasTold: st.builds(
        f.QuotasTold,
        some(st.builds(PathUse, st.sampled_from(Path), st.integers(0, 9), st.just(9), st.just(9))),
    ),
    f.WindowShown: st.builds(f.WindowShown, st.booleans()),
    f.AcceptStarted: st.builds(f.AcceptStarted, openids),
    f.CaseAccepted: st.builds(f.CaseAccepted, sessions, seconds),
    f.AcceptFailed: st.builds(
        f.AcceptFailed, openids, st.one_of(failures, st.just(failed(Category.TAKEN))), agents, seconds
    ),
    f.CloseStarted: st.builds(f.CloseStarted, openids),
    f.SessionClosed: st.builds(f.SessionClosed, openids, seconds),
    f.CloseFailed: st.builds(f.CloseFailed, openids, failures),
    f.ConversationOpened: st.builds(f.ConversationOpened, openids),
    f.ConversationLoaded: st.builds(
        f.ConversationLoaded,
        openids,
        some(records),
        st.lists(items, max_size=3, unique_by=lambda i: i.id).map(tuple),
        st.frozensets(records.map(record_key), max_size=2),
        st.booleans(),
    ),
    f.OutboxChanged: st.builds(f.OutboxChanged, items),
    f.OutboxRecovered: st.builds(
        f.OutboxRecovered, st.lists(items, max_size=3, unique_by=lambda i: i.id).map(tuple)
    ),
    f.EvidenceFound: st.builds(f.EvidenceFound, items, records.map(record_key)),
    f.SendRefused: st.builds(f.SendRefused, openids, failures),
    f.PolicySet: st.builds(f.PolicySet, st.sampled_from([0.0, 3.0]), st.just(ReplyRule())),
    f.ReplyTaken: st.builds(f.ReplyTaken, openids, words),
    f.SendHeld: st.builds(f.SendHeld, st.integers(1, 4).map(OutboxId), seconds),
    f.WordsReturned: st.builds(f.WordsReturned, openids, words, words),
    f.SendingPaused: st.builds(f.SendingPaused, failures, seconds),
    f.SendingResumed: st.just(f.SendingResumed()),
    f.LookedUp: st.builds(
        f.LookedUp, st.integers(1, 4).map(OutboxId), seconds, st.sampled_from([None, 0, 2]), words
    ),
    f.Calibrated: st.builds(f.Calibrated, st.builds(Calibration, st.integers(0, 30), st.integers(0, 3))),
    f.DraftsLoaded: st.builds(f.DraftsLoaded, some(st.tuples(openids, words.filter(bool)))),
    f.DraftKept: st.builds(f.DraftKept, openids, words),
    f.CustomerSeen: st.builds(f.CustomerSeen, openids),
    f.StorageTroubled: st.builds(f.StorageTroubled, st.one_of(st.none(), failures)),
    f.NoticeRaised: st.builds(
        f.NoticeRaised, st.sampled_from([text("a"), text("b")]), st.one_of(st.none(), failures), seconds
    ),
    f.NoticeDismissed: st.builds(f.NoticeDismissed, st.integers(1, 8)),
    f.CommandCrashed: st.builds(f.CommandCrashed, words, seconds),
}
ANY = st.sampled_from(list(FACTS)).flatmap(lambda kind: FACTS[kind])
REPEATED_WITHOUT_EFFECT = set(FACTS) - {
    f.RecordsObserved,  # counts unread messages
    f.RecordsFound,  # the same
    f.SessionsObserved,  # an empty list has to come twice to be believed
    f.AgentsObserved,  # the same
    f.CaseAccepted,  # remembers each
    f.SessionClosed,  # remembers each
    f.LookedUp,  # counts the looks
    f.SendRefused,  # each refusal is an answer of its own
    f.NoticeRaised,  # numbers each
    f.CommandCrashed,  # numbers each
}


def test_every_fact_has_a_reducer_and_is_tried_here() -> None:
    kinds = set(f.Fact.__args__)
    assert set(REDUCERS) == kinds == set(FACTS)


@settings(max_examples=250, deadline=None)
@given(st.lists(ANY, max_size=25))
def test_no_order_of_facts_breaks_the_desk(facts: list[f.Fact]) -> None:
    state = DeskState()
    for fact in facts:
        before, state = state, reduce(state, fact)
        check_objects(before, state)
        if type(fact) in REPEATED_WITHOUT_EFFECT:
            assert reduce(state, fact) is state
    check_sense(state)


def check_objects(before: DeskState, after: DeskState) -> None:
    if before is after:
        return
    assert (
        any(getattr(before, s.name) != getattr(after, s.name) for s in fields(DeskState))
        or before.refusal is not after.refusal
    )
    for part in fields(DeskState):
        old, new = getattr(before, part.name), getattr(after, part.name)
        assert old is new or old != new or part.name == "refusal", part.name


def check_sense(state: DeskState) -> None:
    queue = state.queue
    listed_now = [c.openid for c in queue.cases]
    assert len(set(listed_now)) == len(listed_now) <= queue.count
    assert not set(listed_now) & {t.case.openid for t in queue.taken}
    assert len({s.openid for s in state.sessions.items}) == len(state.sessions.items)
    assert len({i.id for i in state.outbox}) == len(state.outbox)
    for openid, sent in state.unexplained.items():
        assert sent
        assert all(i.openid == openid and i.state is SendState.SENT and not i.evidence for i in sent)
    assert all(n > 0 for n in state.unread.values())
    assert all(state.drafts.values())
    assert len(state.notices) <= 5
    talk = state.conversation
    if talk is not None:
        assert len({i.id for i in talk.items}) == len(talk.items)
        assert list(talk.records) == sorted(talk.records, key=lambda r: r.time)


@given(st.lists(ANY, max_size=10), items)
def test_the_outbox_holds_exactly_what_is_owed_an_answer(facts: list[f.Fact], item: OutboxItem) -> None:
    state = DeskState()
    for fact in facts:
        state = reduce(state, fact)
    state = reduce(state, f.OutboxChanged(item))
    assert (item in state.outbox) is (item.state in SHOWN)
    assert [i for i in state.outbox if i.id == item.id] == ([item] if item.state in SHOWN else [])


def test_presence_is_that_of_the_own_account() -> None:
    opened = reduce(DeskState(), f.DeskOpened("鹿野", ME, False, f.Vault.NONE, NOON))
    assert opened.agents.presence is Presence.UNKNOWN
    for status, presence in ((1, Presence.ONLINE), (0, Presence.OFFLINE), (3, Presence.ONLINE)):
        online = (OnlineAgent(COLLEAGUE, 1, 0), OnlineAgent(ME, status, 0))
        assert reduce(opened, f.AgentsObserved(online, NOON, 9.0)).agents.presence is presence
    alone = reduce(opened, f.AgentsObserved((OnlineAgent(COLLEAGUE, 1, 0),), NOON, 9.0))
    assert alone.agents.presence is Presence.OFFLINE
