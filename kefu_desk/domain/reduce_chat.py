"""How facts about the open conversation, sends and drafts change the state."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.allowance import REFUSES_CUSTOMER, sent_at
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.messages import record_key
from kefu_desk.domain.outbox import OPEN, Decision, OutboxItem, SendState
from kefu_desk.domain.state import Conversation, DeskState, Lookup, Policy, Refusal, SendingPause

SHOWN = OPEN | {SendState.FAILED, SendState.PARKED}


OFFSET_DRIFT = 2.0
"""Seconds by which two times on WeChat's clock may differ only because its offset was measured anew."""


def _opened(state: DeskState, fact: f.ConversationOpened) -> DeskState:
    before = state.conversation
    if before is not None and before.openid == fact.openid:
        return state
    count = state.openings + 1
    talk = Conversation(fact.openid, unread=state.unread.get(fact.openid, 0), opened=count)
    return replace(state, conversation=talk, openings=count, refusal=None)


def _loaded(state: DeskState, fact: f.ConversationLoaded) -> DeskState:
    talk = state.conversation
    if talk is None or talk.openid != fact.openid:
        return state
    known = set(fact.records)
    seen = set(talk.records)
    earlier = [r for r in fact.records if r.from_customer and r not in seen]
    new_from = record_key(earlier[-talk.unread]) if 0 < talk.unread <= len(earlier) else None
    records = fact.records + tuple(r for r in talk.records if r not in known)
    items = fact.items
    for item in talk.items:
        items = _put(items, item)
    talk = replace(
        talk,
        loaded=True,
        records=tuple(sorted(records, key=lambda r: r.time)),
        items=items,
        claimed=fact.claimed | talk.claimed,
        reached_start=fact.reached_start,
        new_from=talk.new_from if talk.loaded else new_from,
    )
    return replace(state, conversation=talk)


def _put(items: tuple[OutboxItem, ...], item: OutboxItem) -> tuple[OutboxItem, ...]:
    if any(i.id == item.id for i in items):
        return tuple(item if i.id == item.id else i for i in items)
    return (*items, item)


def _with_item(state: DeskState, item: OutboxItem) -> DeskState:
    rest = tuple(i for i in state.outbox if i.id != item.id)
    outbox = _put(state.outbox, item) if item.state in SHOWN else rest
    talk = state.conversation
    if talk is not None and talk.openid == item.openid:
        talk = replace(talk, items=_put(talk.items, item))
    held, lookups = state.held, state.lookups
    if item.id in held and item.state is not SendState.HELD:
        held = {k: v for k, v in held.items() if k != item.id}
    if item.id in lookups and item.state is not SendState.UNKNOWN:
        lookups = {k: v for k, v in lookups.items() if k != item.id}
    return replace(
        state,
        outbox=outbox,
        conversation=talk,
        held=held,
        lookups=lookups,
        unexplained=_accepted_sends(state, item),
        refusals=_refusals(state, item),
    )


def _accepted_sends(state: DeskState, item: OutboxItem) -> dict[OpenId, tuple[OutboxItem, ...]]:
    before = state.unexplained.get(item.openid, ())
    after = tuple(i for i in before if i.id != item.id)
    arrived = item.state is SendState.RESOLVED and item.decision is Decision.ARRIVED
    if (item.state is SendState.SENT or arrived) and not item.evidence:
        after = (*after, item)
    if after == before:
        return state.unexplained
    rest = {k: v for k, v in state.unexplained.items() if k != item.openid}
    return {**rest, item.openid: after} if after else rest


def _refusals(state: DeskState, item: OutboxItem) -> dict[OpenId, Refusal]:
    """Who cannot be written to; a send that WeChat accepted shows that they can."""
    before = state.refusals.get(item.openid)
    failure = item.failure
    refused = item.state in (SendState.FAILED, SendState.RESOLVED)
    if refused and failure is not None and failure.category in REFUSES_CUSTOMER:
        at = sent_at(state, item)
        if before is None or before.at < at:
            return {**state.refusals, item.openid: Refusal(at, failure)}
    elif (
        item.state is SendState.SENT
        and before is not None
        and sent_at(state, item) > before.at + OFFSET_DRIFT
    ):
        return {k: v for k, v in state.refusals.items() if k != item.openid}
    return state.refusals


def _outbox(state: DeskState, fact: f.OutboxChanged) -> DeskState:
    return _with_item(state, fact.item)


def _taken(state: DeskState, fact: f.ReplyTaken) -> DeskState:
    refused = state.refusal is not None and state.refusal[0] == fact.openid
    return replace(state, refusal=None) if refused else state


def _recovered(state: DeskState, fact: f.OutboxRecovered) -> DeskState:
    for item in fact.items:
        state = _with_item(state, item)
    return state


def _policy(state: DeskState, fact: f.PolicySet) -> DeskState:
    return replace(state, policy=Policy(fact.hold, fact.rule, fact.clock))


def _held(state: DeskState, fact: f.SendHeld) -> DeskState:
    return replace(state, held={**state.held, fact.number: fact.due})


def _returned(state: DeskState, fact: f.WordsReturned) -> DeskState:
    return _draft(state, f.DraftKept(fact.openid, fact.draft))


def _paused(state: DeskState, fact: f.SendingPaused) -> DeskState:
    return replace(state, pause=SendingPause(fact.until, fact.failure))


def _resumed(state: DeskState, _fact: f.SendingResumed) -> DeskState:
    return replace(state, pause=None)


def _looked(state: DeskState, fact: f.LookedUp) -> DeskState:
    before = state.lookups.get(fact.number, Lookup(fact.number, fact.at, 0))
    if fact.found is None:
        after = replace(before, at=fact.at, failed=True)
    else:
        after = Lookup(fact.number, fact.at, before.looks + 1, fact.found, fact.near)
    return replace(state, lookups={**state.lookups, fact.number: after})


def _calibrated(state: DeskState, fact: f.Calibrated) -> DeskState:
    return replace(state, calibration=fact.calibration)


def _evidence(state: DeskState, fact: f.EvidenceFound) -> DeskState:
    state = _with_item(state, fact.item)
    if fact.digest is not None:  # in one step: the send counts no more, its record does
        state = replace(state, digests={**state.digests, fact.item.openid: fact.digest})
    talk = state.conversation
    if talk is not None and talk.openid == fact.item.openid:
        talk = replace(talk, claimed=talk.claimed | {fact.record})
        state = replace(state, conversation=talk)
    return state


def _refused(state: DeskState, fact: f.SendRefused) -> DeskState:
    return replace(state, refusal=(fact.openid, fact.failure))


def _drafts(state: DeskState, fact: f.DraftsLoaded) -> DeskState:
    return replace(state, drafts=dict(fact.drafts))


def _without(table: dict[OpenId, str], openid: OpenId) -> dict[OpenId, str]:
    return {k: v for k, v in table.items() if k != openid}


def _draft(state: DeskState, fact: f.DraftKept) -> DeskState:
    if state.drafts.get(fact.openid, "") == fact.words:
        return state
    if fact.words:
        return replace(state, drafts={**state.drafts, fact.openid: fact.words})
    return replace(state, drafts=_without(state.drafts, fact.openid))


def _seen(state: DeskState, fact: f.CustomerSeen) -> DeskState:
    if not state.unread.get(fact.openid):
        return state
    return replace(state, unread={k: v for k, v in state.unread.items() if k != fact.openid})


CHAT: Mapping[type, Callable[[DeskState, Any], DeskState]] = {
    f.ConversationOpened: _opened,
    f.ConversationLoaded: _loaded,
    f.OutboxChanged: _outbox,
    f.OutboxRecovered: _recovered,
    f.EvidenceFound: _evidence,
    f.PolicySet: _policy,
    f.ReplyTaken: _taken,
    f.SendHeld: _held,
    f.WordsReturned: _returned,
    f.SendingPaused: _paused,
    f.SendingResumed: _resumed,
    f.LookedUp: _looked,
    f.Calibrated: _calibrated,
    f.SendRefused: _refused,
    f.DraftsLoaded: _drafts,
    f.DraftKept: _draft,
    f.CustomerSeen: _seen,
}
