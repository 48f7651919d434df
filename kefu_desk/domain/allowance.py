"""What may still be sent to one customer, as far as this desk can know (API reference 9)."""

from kefu_desk.domain.digest import EMPTY
from kefu_desk.domain.failure import Category, Failure
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.limits import ReplyWindow, reply_window
from kefu_desk.domain.outbox import OPEN, OutboxItem
from kefu_desk.domain.state import DeskState
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
    return reply_window(last, digest.agent_sends + used, state.policy.rule, refused_at)


def sent_at(state: DeskState, item: OutboxItem) -> float:
    """When a send left or was written, on WeChat's clock as records are."""
    return (item.started or item.created) + (state.link.clock_offset or 0.0)


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
