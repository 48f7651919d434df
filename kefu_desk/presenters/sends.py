"""How a send stands: its state in words, what can be done about it, and what the agent is asked."""

from collections.abc import Iterable
from math import ceil

from msgspec import Struct

from kefu_desk.domain.allowance import REFUSES_CUSTOMER, refuse_send, window_of
from kefu_desk.domain.calibration import LOOKS, Visibility
from kefu_desk.domain.failure import Category
from kefu_desk.domain.ids import OutboxId
from kefu_desk.domain.outbox import OPEN, WAITING, Decision, OutboxItem, Proof, SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import NOTHING, Text, text, verbatim
from kefu_desk.presenters.timeline import RowAction
from kefu_desk.presenters.tone import Tone
from kefu_desk.presenters.words import clock, local, stamp


class SendView(Struct, frozen=True):
    """The words under a send, their sign and colour, its actions, and the lines of a question about it."""

    words: Text
    icon: str
    tone: Tone = Tone.MUTED
    actions: tuple[RowAction, ...] = ()
    question: tuple[Text, ...] = ()


UNDO = RowAction("undo", text("send.action.undo"))
RELEASE = RowAction("release", text("send.action.release"))
COPY = RowAction("copy", text("send.action.copy"))
OVERTAKE = RowAction("overtake", text("send.action.overtake"))
EDIT = RowAction("edit", text("send.action.edit"))
FETCH = RowAction("edit", text("send.action.fetch"))
RESEND = RowAction("resend", text("send.action.resend"))
RESEND_TWIN = RowAction("resend", text("send.action.resend_twin"))
PARK = RowAction("park", text("send.action.park"))
CHECK = RowAction("check", text("send.action.check"))
CHECK_AGAIN = RowAction("check", text("send.action.check_again"))
DECIDE = RowAction("decide", text("send.action.decide"))
ARRIVED = RowAction("arrived", text("send.action.arrived"))
LEAVE = RowAction("leave", text("send.action.leave"))

SENDING = SendView(text("send.state.sending"), "ellipsis")
SENT = SendView(text("send.state.sent"), "check")
CONFIRMED = SendView(text("send.state.confirmed"), "check")
PARKED = SendView(text("send.state.parked"), "pause", actions=(FETCH,))
ANSWERED = {
    Decision.AGAIN: SendView(text("send.state.resolved.again"), "circle-question-mark"),
    Decision.ARRIVED: SendView(text("send.state.resolved.arrived"), "check"),
    Decision.LEFT: SendView(text("send.state.resolved.left"), "circle-question-mark"),
}
AS_IT_IS = frozenset({Category.CONTENT, Category.REQUEST, Category.MEDIA})
"""Refusals that the same words would meet again."""


def is_shown(item: OutboxItem) -> bool:
    """Whether a send is still part of the conversation: not what went back into the draft."""
    if item.state is SendState.RESOLVED:
        return item.failure is None or item.failure.effect.value == "maybe"
    return item.state is not SendState.CANCELLED


def came_twice(items: Iterable[OutboxItem]) -> frozenset[OutboxId]:
    """The sends of which both the first and the one that sent it again reached the customer."""
    sent = {i.id: i for i in items if i.state is SendState.SENT}
    again = [i for i in sent.values() if i.parent is not None and i.parent in sent]
    return frozenset(number for i in again for number in (i.id, i.parent) if number is not None)


def blocker_of(state: DeskState, item: OutboxItem) -> OutboxItem | None:
    """The earlier send to the same customer that this one has to wait for, or None."""
    first = next((i for i in state.outbox if i.openid == item.openid and i.state in OPEN), None)
    return first if first is not None and first.id != item.id else None


def present_send(state: DeskState, item: OutboxItem, now: float, *, twice: bool = False) -> SendView:
    """A send of the open conversation at Unix second `now` on this computer."""
    view = _settled(item)
    if view is None:
        view = _unknown(state, item, now) if item.state is SendState.UNKNOWN else _waiting(state, item, now)
    words = view.words
    if twice:
        words = text("send.state.twice", state=words)
    if item.lines > 1 and item.state in WAITING | {SendState.SENDING, SendState.SENT}:
        words = text("send.state.joined", item.lines, state=words)
    if words is view.words:
        return view
    return SendView(words, view.icon, Tone.SOON if twice else view.tone, view.actions, view.question)


def _settled(item: OutboxItem) -> SendView | None:
    if item.state is SendState.SENT:
        return CONFIRMED if item.proof is Proof.RECORD else SENT
    if item.state is SendState.PARKED:
        return PARKED
    if item.state is SendState.RESOLVED:
        return ANSWERED[item.decision or Decision.LEFT]
    if item.state is SendState.FAILED:
        category = item.failure.category if item.failure is not None else None
        actions = (PARK, EDIT) if category in REFUSES_CUSTOMER else (RESEND, EDIT)
        reason = item.failure.text if item.failure is not None else NOTHING
        words = text("send.state.failed", reason=reason)
        return SendView(words, "circle-alert", Tone.LATE, (EDIT,) if category in AS_IT_IS else actions)
    return None


def _waiting(state: DeskState, item: OutboxItem, now: float) -> SendView:
    if item.state is SendState.HELD:
        seconds = ceil(state.held.get(item.id, now) - now)
        words = text("send.state.held", seconds) if seconds > 0 else text("send.state.held.now")
        return SendView(words, "timer", actions=(UNDO, RELEASE))
    return SENDING if item.state is not SendState.QUEUED else _queued(state, item, now)


def _queued(state: DeskState, item: OutboxItem, now: float) -> SendView:
    """Why a send waits: for another one, for WeChat, or for the network."""
    blocker = blocker_of(state, item)
    if blocker is not None and blocker.state is SendState.UNKNOWN:
        return SendView(text("send.state.behind_unknown"), "clock", Tone.SOON, (OVERTAKE, UNDO))
    if state.pause is not None:
        reason, until = state.pause.failure.text, when(state, state.pause.until, now)
        words = text("send.state.paused", reason=reason, time=until)
        return SendView(words, "pause", Tone.SOON, (COPY, UNDO))
    if blocker is not None:
        return SendView(text("send.state.behind"), "clock", actions=(UNDO,))
    return SENDING if item.failure is None else SendView(text("send.state.queued"), "clock", actions=(UNDO,))


def when(state: DeskState, at: float, now: float) -> str:
    """A time to come on WeChat's clock: that of the day, with the date when it is another day."""
    offset = state.link.clock_offset or 0.0
    same = local(at + offset).date() == local(now + offset).date()
    return clock(at + offset) if same else stamp(at + offset)[5:16]


def _unknown(state: DeskState, item: OutboxItem, now: float) -> SendView:
    if item.asked is not None:
        again = RESEND_TWIN if _has_twin(state, item) else RESEND
        first = (ARRIVED, again) if again is RESEND_TWIN else (again, ARRIVED)
        actions: tuple[RowAction, ...] = (*first, LEAVE)
        if state.calibration.visibility is not Visibility.NO:
            actions = (*actions, CHECK_AGAIN)
        lines = _question(state, item, now)
        return SendView(text("send.state.asked"), "circle-question-mark", Tone.SOON, actions, lines)
    return SendView(_looking(state, item, now), "circle-question-mark", Tone.SOON, actions=(CHECK, DECIDE))


def _looking(state: DeskState, item: OutboxItem, now: float) -> Text:
    age = now - (item.started or item.created)
    left = next((ceil(at - age) for at in (*LOOKS, state.calibration.horizon) if at > age), 0)
    look = state.lookups.get(item.id)
    if left <= 0:
        return text("send.state.unknown.now")
    if look is not None and look.failed:
        return text("send.state.unknown.unread", seconds=left)
    if look is None or not look.looks:
        return text("send.state.unknown.soon", left)
    return text("send.state.unknown.next", look.looks, seconds=left)


def _question(state: DeskState, item: OutboxItem, now: float) -> tuple[Text, ...]:
    """What is known about a send whose outcome nobody knows, a phrase a line (reliability 1.7.8)."""
    offset = state.link.clock_offset or 0.0
    at = stamp((item.started or item.created) + offset)[11:]
    key = "ask.sent" if item.failure is not None else "ask.cut_off"
    reason = item.failure.text if item.failure is not None else NOTHING
    lines = [text(key, time=at, reason=reason), *_evidence(state, item, offset)]
    if _has_twin(state, item):
        lines.append(text("ask.twin"))
    window, refusal = window_of(state, item.openid), refuse_send(state, item.openid, now)
    if refusal is not None:
        lines.append(refusal.text)
    elif window is not None and window.left is not None:
        lines.append(text("ask.left", window.left))
    return tuple(lines)


def _evidence(state: DeskState, item: OutboxItem, offset: float) -> list[Text]:
    """What was looked at, and what was found there."""
    learned, look = state.calibration, state.lookups.get(item.id)
    if learned.visibility is Visibility.NO:
        return [text("ask.blind")]
    if look is None or not look.looks:
        lines = [text("ask.unread" if look is not None and look.failed else "ask.not_yet")]
    else:
        start, end = clock((item.started or item.created) + offset), clock(look.at + offset)
        found = text("ask.own", look.found) if look.found else text("ask.none")
        lines = [text("ask.looked", look.looks, start=start, end=end, found=found)]
        if look.near:
            lines.append(text("ask.near", words=verbatim(look.near)))
        if look.failed:
            lines.append(text("ask.unread"))
    if learned.usual is not None:
        lines.append(text("ask.usual", max(1, round(learned.usual))))
    elif learned.visibility is Visibility.LEARNING:
        lines.append(text("ask.learning"))
    return lines


def _has_twin(state: DeskState, item: OutboxItem) -> bool:
    """Whether the same words to the same customer are under way or unexplained a second time."""
    talk = state.conversation
    shown = talk.items if talk is not None and talk.openid == item.openid else ()
    words = item.text.split()
    return any(
        other.id != item.id
        and other.openid == item.openid
        and other.text.split() == words
        and (other.state in OPEN or (other.state is SendState.RESOLVED and _may_come(other)))
        for other in {i.id: i for i in (*state.outbox, *shown)}.values()
    )


def _may_come(item: OutboxItem) -> bool:
    """Whether a send that a person has answered for may still reach the customer."""
    return is_shown(item) and item.decision is not Decision.ARRIVED and not item.evidence
