"""What may still be sent to one customer, as far as this desk can know (API reference 9)."""

from collections.abc import Iterable

from kefu_desk.domain.digest import EMPTY
from kefu_desk.domain.failure import Category, Failure
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.limits import ReplyWindow, reply_window
from kefu_desk.domain.messages import Record
from kefu_desk.domain.outbox import OPEN, OutboxItem
from kefu_desk.domain.reading import sees
from kefu_desk.domain.state import DeskState, Refusal
from kefu_desk.domain.text import text

REFUSES_CUSTOMER = frozenset(
    {Category.WINDOW_CLOSED, Category.ALLOWANCE_USED, Category.UNREACHABLE, Category.CUSTOMER}
)
"""Refusals that the next message to this customer would meet as well, until the customer writes."""


def window_of(state: DeskState, openid: OpenId) -> ReplyWindow | None:
    """The reply window; sends that wait, are under way or of unknown outcome count as used."""
    digest = state.digests.get(openid, EMPTY)
    last = digest.last_customer_time
    open_items = [i for i in state.outbox if i.openid == openid and i.state in OPEN]
    own = [*state.unexplained.get(openid, ()), *open_items]
    used = sum(1 for item in own if last is not None and sent_at(state, item) >= last)
    refusal = state.refusals.get(openid)
    refused_at = refusal.at if refusal is not None else None
    if refusal is None and last is not None and not sees(state.coverage, last):
        return None  # a newer message may not have been read yet
    return reply_window(last, digest.agent_sends + used, state.policy.rule, refused_at)


def sent_at(state: DeskState, item: OutboxItem) -> float:
    """When a send left or was written, on WeChat's clock as records are."""
    return (item.started or item.created) + (state.link.clock_offset or 0.0)


def lifted(refusals: dict[OpenId, Refusal], new: Iterable[Record]) -> dict[OpenId, Refusal]:
    """The refusals that still hold after new records: a customer who has written can be written to."""
    wrote = {r.openid for r in new if r.from_customer and _is_later(r, refusals.get(r.openid))}
    return {k: v for k, v in refusals.items() if k not in wrote} if wrote else refusals


def _is_later(record: Record, refusal: Refusal | None) -> bool:
    return refusal is not None and record.time >= int(refusal.at)


def refuse_send(state: DeskState, openid: OpenId, now: float, *, anyway: bool = False) -> Failure | None:
    """Why a new message to a customer would be in vain, or None; an estimate may be overruled `anyway`."""
    window = window_of(state, openid)
    server = now + (state.link.clock_offset or 0.0)
    if window is None or window.is_open(server):
        return None
    if window.refused:
        known = state.refusals[openid].failure
        return Failure(known.category, known.text, code=known.code, rid=known.rid, detail=known.detail)
    if anyway:
        return None
    if window.left == 0:
        return Failure(Category.ALLOWANCE_USED, text("composer.grant.used"))
    return Failure(Category.WINDOW_CLOSED, text("composer.grant.closed"))
