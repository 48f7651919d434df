"""The open conversation, the sends and what nobody has read yet."""

from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.failure import Category
from kefu_desk.domain.ids import AgentId, OutboxId
from kefu_desk.domain.messages import Record, record_key
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.text import text
from tests.domain.values import (
    ANNA,
    BEN,
    COLLEAGUE,
    ME,
    NOON,
    accepted,
    after,
    answered,
    failed,
    loaded,
    moved,
    said,
    send,
    serving,
    told,
)

OPENED = f.DeskOpened("鹿野", ME, False, f.Vault.NONE, NOON)


def test_unread_counts_customer_messages_until_an_agent_answers() -> None:
    state = after(OPENED, told(said(ANNA), said(ANNA, "好"), said(BEN)))
    assert state.unread == {ANNA: 2, BEN: 1}
    assert after(told(answered(ANNA)), state=state).unread == {BEN: 1}
    assert after(told(answered(ANNA, worker=COLLEAGUE)), state=state).unread == {BEN: 1}
    assert after(told(answered(ANNA), said(ANNA, "谢谢")), state=state).unread == {ANNA: 1, BEN: 1}
    note = Record(ANNA, ME, 1000, "", NOON)
    assert after(told(note), state=state).unread == {ANNA: 2, BEN: 1}


def test_seen_and_closed_are_read() -> None:
    state = after(OPENED, told(said(ANNA), said(BEN)))
    assert after(f.CustomerSeen(ANNA), state=state).unread == {BEN: 1}
    seen = after(f.CustomerSeen(ANNA), state=state)
    assert after(f.CustomerSeen(ANNA), state=seen) is seen
    assert after(f.SessionClosed(BEN, NOON), state=state).unread == {ANNA: 1}


def test_digests_of_a_reading_replace_and_loaded_ones_only_fill_gaps() -> None:
    old, new = Digest(visits=1), Digest(visits=2)
    state = after(f.DigestsLoaded(((ANNA, old),)))
    assert state.digests == {ANNA: old}
    state = after(f.RecordsObserved((said(ANNA),), ((ANNA, new),), NOON, 3.0), state=state)
    assert state.digests == {ANNA: new}
    state = after(f.DigestsLoaded(((ANNA, old), (BEN, old))), state=state)
    assert state.digests == {ANNA: new, BEN: old}


def test_a_conversation_is_loaded_once_it_is_the_one_on_screen() -> None:
    state = after(f.ConversationOpened(ANNA))
    assert state.conversation is not None
    assert not state.conversation.loaded
    assert after(loaded(BEN, said(BEN)), state=state) is state
    talk = after(loaded(ANNA, said(ANNA)), state=state).conversation
    assert talk is not None
    assert (talk.loaded, talk.records, talk.reached_start) == (True, (said(ANNA),), True)


def test_records_and_sends_that_came_while_loading_are_kept() -> None:
    early, late = said(ANNA, "一", NOON), said(ANNA, "二", NOON + 5)
    queued = send(1)
    sending = replace(queued, state=SendState.SENDING)
    state = after(f.ConversationOpened(ANNA), told(late, said(BEN)), f.OutboxChanged(sending))
    talk = after(loaded(ANNA, early, late, items=(queued, send(0))), state=state).conversation
    assert talk is not None
    assert talk.records == (early, late)
    assert talk.items == (sending, send(0))


def test_a_late_record_takes_its_place_in_time() -> None:
    one, two, three = (said(ANNA, w, NOON + n) for n, w in enumerate("一二三"))
    state = after(f.ConversationOpened(ANNA), loaded(ANNA, one, three), told(two))
    assert state.conversation is not None
    assert state.conversation.records == (one, two, three)
    assert after(told(two), state=state).conversation is state.conversation


def test_opening_the_same_conversation_again_changes_nothing() -> None:
    state = after(f.ConversationOpened(ANNA), loaded(ANNA, said(ANNA)))
    assert after(f.ConversationOpened(ANNA), state=state) is state
    other = after(f.ConversationOpened(BEN), state=state)
    assert other.conversation is not None
    assert (other.conversation.opened, other.conversation.records) == (2, ())


def test_the_first_new_message_stays_the_same_while_more_come() -> None:
    one, two, three, four = (said(ANNA, w, NOON + n) for n, w in enumerate("一二三四"))
    state = after(OPENED, told(one), f.CustomerSeen(ANNA), told(two, three), f.ConversationOpened(ANNA))
    state = after(told(four), loaded(ANNA, one, two, three, four), f.CustomerSeen(ANNA), state=state)
    assert state.conversation is not None
    assert state.conversation.new_from == record_key(two)
    state = after(told(said(ANNA, "五", NOON + 9)), loaded(ANNA, one, two), state=state)
    assert state.conversation is not None
    assert state.conversation.new_from == record_key(two)


def test_nothing_is_new_in_a_conversation_that_was_read() -> None:
    state = after(f.ConversationOpened(ANNA), loaded(ANNA, said(ANNA)), told(said(ANNA, "好", NOON + 1)))
    assert state.conversation is not None
    assert state.conversation.new_from is None


def test_an_accepted_send_waits_for_its_record() -> None:
    sent = send(1, state=SendState.SENT)
    state = after(f.OutboxChanged(send(1)), f.OutboxChanged(sent))
    assert state.outbox == ()
    assert state.unexplained == {ANNA: (sent,)}
    explained = replace(sent, evidence=True)
    state = after(f.EvidenceFound(explained, record_key(answered(ANNA))), state=state)
    assert state.unexplained == {}


def test_evidence_claims_the_record_of_the_open_conversation_only() -> None:
    key = record_key(answered(ANNA))
    sent = send(1, state=SendState.SENT, evidence=True)
    for openid, claimed in ((ANNA, frozenset({key})), (BEN, frozenset())):
        state = after(f.ConversationOpened(openid), f.EvidenceFound(sent, key))
        assert state.conversation is not None
        assert state.conversation.claimed == claimed
        assert [i.id for i in state.conversation.items] == ([1] if claimed else [])


def test_a_send_is_shown_until_it_is_settled() -> None:
    item = send(1)
    steps = {
        SendState.QUEUED: True, SendState.SENDING: True, SendState.UNKNOWN: True, SendState.FAILED: True,
        SendState.SENT: False, SendState.CANCELLED: False, SendState.RESOLVED: False,
    }  # fmt: skip
    for step, shown in steps.items():
        state = after(f.ConversationOpened(ANNA), f.OutboxChanged(item), moved(item, step))
        assert [i.state for i in state.outbox] == ([step] if shown else [])
        assert state.conversation is not None
        assert [i.state for i in state.conversation.items] == [step]


def test_the_order_of_sends_is_that_of_their_storing() -> None:
    items = [send(n) for n in (1, 2, 3)]
    state = after(*(f.OutboxChanged(i) for i in items), moved(items[0], SendState.SENDING))
    assert [i.id for i in state.outbox] == [1, 2, 3]


def test_recovered_sends_are_the_outbox() -> None:
    state = after(f.OutboxRecovered((send(3, state=SendState.UNKNOWN), send(4))))
    assert [(i.id, i.state) for i in state.outbox] == [(3, SendState.UNKNOWN), (4, SendState.QUEUED)]


def test_a_refusal_stays_until_a_text_of_that_customer_is_taken() -> None:
    refusal = failed(Category.STORAGE)
    earlier = send(1, state=SendState.SENDING)
    state = after(f.OutboxChanged(earlier), f.SendRefused(ANNA, refusal))
    assert state.refusal == (ANNA, refusal)
    assert after(moved(earlier, SendState.SENT), state=state).refusal == (ANNA, refusal)
    assert after(moved(earlier, SendState.QUEUED), state=state).refusal == (ANNA, refusal)
    assert after(f.OutboxChanged(send(2)), state=state).refusal == (ANNA, refusal)
    assert after(f.ReplyTaken(BEN, "您好"), state=state).refusal == (ANNA, refusal)
    assert after(f.ReplyTaken(ANNA, "您好"), state=state).refusal is None
    assert after(f.ConversationOpened(BEN), state=state).refusal is None


def test_the_same_refusal_again_is_an_answer_of_its_own() -> None:
    refusal = failed(Category.STORAGE)
    state = after(f.SendRefused(ANNA, refusal))
    again = after(f.SendRefused(ANNA, refusal), state=state)
    assert again.refusal == state.refusal
    assert again.refusal is not state.refusal


def test_drafts_are_kept_by_customer() -> None:
    state = after(f.DraftsLoaded(((ANNA, "稍等"), (BEN, "您好"))))
    assert after(f.DraftKept(ANNA, "稍等"), state=state) is state
    assert after(f.DraftKept(ANNA, ""), state=state).drafts == {BEN: "您好"}
    assert after(f.DraftKept(ANNA, "马上"), state=state).drafts == {ANNA: "马上", BEN: "您好"}


def test_notices_are_numbered_told_once_and_at_most_five() -> None:
    facts = [f.NoticeRaised(text(f"n{n}"), None, NOON) for n in range(7)]
    state = after(*facts)
    assert [n.number for n in state.notices] == [3, 4, 5, 6, 7]
    state = after(facts[4], state=state)
    assert [(n.number, n.words.key) for n in state.notices][-1] == (8, "n4")
    assert len(state.notices) == 5
    assert [n.number for n in after(f.NoticeDismissed(8), state=state).notices] == [3, 4, 6, 7]
    crashed = after(f.CommandCrashed("accept", NOON)).notices
    assert [n.words for n in crashed] == [text("notice.crashed", command="accept")]


def test_feeds_fail_and_recover_each_for_itself() -> None:
    refusal = failed()
    state = after(serving(ANNA), f.ReadFailed(f.Feed.SESSIONS, refusal, NOON + 6, NOON + 9))
    state = after(f.ReadFailed(f.Feed.SESSIONS, refusal, NOON + 9, NOON + 15), state=state)
    health = state.link.health(f.Feed.SESSIONS)
    assert (health.last_success, health.failing_since, health.retry_at) == (NOON, NOON + 6, NOON + 15)
    assert health.failure == refusal
    assert [s.openid for s in state.sessions.items] == [ANNA]
    assert state.link.health(f.Feed.WAITING).failure is None
    state = after(serving(at=NOON + 15), state=state)
    health = state.link.health(f.Feed.SESSIONS)
    assert (health.last_success, health.failure, health.failing_since) == (NOON + 15, None, None)


def test_a_session_is_closing_until_it_is_gone_or_stays() -> None:
    state = after(serving(ANNA), f.CloseStarted(ANNA))
    assert state.sessions.closing == {ANNA}
    assert after(f.CloseFailed(ANNA, failed()), state=state).sessions.closing == frozenset()
    closed = after(f.SessionClosed(ANNA, NOON + 1), state=state)
    assert (closed.sessions.closing, closed.sessions.items) == (frozenset(), ())
    assert after(serving(at=NOON + 6), serving(at=NOON + 7), state=state).sessions.closing == frozenset()
    assert after(accepted(ANNA), state=closed).sessions.items[0].openid == ANNA


def test_ids_do_not_mix() -> None:
    item = replace(send(1), id=OutboxId(1), agent=AgentId("kf1@x"))
    assert after(f.OutboxChanged(item)).outbox == (item,)
