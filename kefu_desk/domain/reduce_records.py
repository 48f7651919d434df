"""How facts about WeChat's records change the state."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.allowance import lifted
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.messages import OperCode, Record
from kefu_desk.domain.state import DeskState

Digests = tuple[tuple[OpenId, Digest], ...]


def came(state: DeskState, new: tuple[Record, ...], digests: Digests) -> DeskState:
    """Records that have just come: what customers wrote is unread until an agent answers."""
    unread = dict(state.unread)
    for record in new:
        if record.from_customer:
            unread[record.openid] = unread.get(record.openid, 0) + 1
        elif record.opercode == OperCode.AGENT_SENT:  # whoever answered had read it
            unread.pop(record.openid, None)
    return _known(state, new, digests, unread)


def _found(state: DeskState, fact: f.RecordsFound) -> DeskState:
    """Records of an earlier time: unread is only what nobody has answered since."""
    unread, after = dict(state.unread), dict(fact.digests)
    for record in fact.new:
        since = after[record.openid].unanswered_since if record.openid in after else None
        if record.from_customer and since is not None and record.time >= since:
            unread[record.openid] = unread.get(record.openid, 0) + 1
    return _known(state, fact.new, fact.digests, unread)


def _known(
    state: DeskState, new: tuple[Record, ...], digests: Digests, unread: dict[OpenId, int]
) -> DeskState:
    talk = state.conversation
    if talk is not None:
        fresh = tuple(r for r in new if r.openid == talk.openid)
        if fresh:
            known = set(talk.records)
            merged = talk.records + tuple(r for r in fresh if r not in known)
            talk = replace(talk, records=tuple(sorted(merged, key=lambda r: r.time)))
    return replace(
        state,
        unread=unread,
        conversation=talk,
        digests=state.digests | dict(digests),
        refusals=lifted(state.refusals, new),
    )


def _coverage(state: DeskState, fact: f.CoverageTold) -> DeskState:
    return replace(state, coverage=fact.coverage)


RECORDS: Mapping[type, Callable[[DeskState, Any], DeskState]] = {
    f.RecordsFound: _found,
    f.CoverageTold: _coverage,
}
