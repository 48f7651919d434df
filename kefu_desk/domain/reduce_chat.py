"""How facts about the open conversation, sends and drafts change the state."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.messages import record_key
from kefu_desk.domain.outbox import OPEN, OutboxItem, SendState
from kefu_desk.domain.state import Conversation, DeskState

SHOWN = OPEN | {SendState.FAILED}


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
    return replace(state, outbox=outbox, conversation=talk, unexplained=_accepted_sends(state, item))


def _accepted_sends(state: DeskState, item: OutboxItem) -> dict[OpenId, tuple[OutboxItem, ...]]:
    before = state.unexplained.get(item.openid, ())
    after = tuple(i for i in before if i.id != item.id)
    if item.state is SendState.SENT and not item.evidence:
        after = (*after, item)
    if after == before:
        return state.unexplained
    rest = {k: v for k, v in state.unexplained.items() if k != item.openid}
    return {**rest, item.openid: after} if after else rest


def _outbox(state: DeskState, fact: f.OutboxChanged) -> DeskState:
    taken = fact.item.state is SendState.QUEUED and not fact.item.attempts
    state = _with_item(state, fact.item)
    if taken and state.refusal is not None and state.refusal[0] == fact.item.openid:
        state = replace(state, refusal=None)
    return state


def _recovered(state: DeskState, fact: f.OutboxRecovered) -> DeskState:
    return replace(state, outbox=fact.items)


def _evidence(state: DeskState, fact: f.EvidenceFound) -> DeskState:
    state = _with_item(state, fact.item)
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
    f.SendRefused: _refused,
    f.DraftsLoaded: _drafts,
    f.DraftKept: _draft,
    f.CustomerSeen: _seen,
}
