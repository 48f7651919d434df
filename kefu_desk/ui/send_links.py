"""What the links and buttons under an own message ask of the desk."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtGui import QGuiApplication

from kefu_desk.desk.commands import Commands
from kefu_desk.domain.outbox import Decision, OutboxItem
from kefu_desk.domain.state import DeskState
from kefu_desk.presenters.sends import blocker_of

Ask = Callable[[Commands, OutboxItem], Coroutine[Any, Any, object]]

ASKS: dict[str, Ask] = {
    "resend": lambda desk, item: desk.send_again(item.id),
    "edit": lambda desk, item: desk.set_aside(item.id),
    "undo": lambda desk, item: desk.set_aside(item.id),
    "release": lambda desk, item: desk.release(item.openid),
    "park": lambda desk, item: desk.park_failed(item.id),
    "decide": lambda desk, item: desk.question(item.id),
    "check": lambda desk, item: desk.check(item.id),
    "arrived": lambda desk, item: desk.answer(item.id, Decision.ARRIVED),
    "leave": lambda desk, item: desk.answer(item.id, Decision.LEFT),
}
COMES_BACK = frozenset({"edit", "undo"})
"""Links that put the words back into the reply box."""


def item_of(state: DeskState, key: str) -> OutboxItem | None:
    """The send that a row of the conversation shows, if it shows one."""
    talk = state.conversation
    items = (*state.outbox, *(talk.items if talk is not None else ()))
    return next((item for item in items if f"o{item.id}" == key), None)


def asked(
    state: DeskState, desk: Commands, item: OutboxItem, name: str
) -> Coroutine[Any, Any, object] | None:
    """What the desk has to do for a link of that name, or None when it is done here."""
    if name == "copy":
        QGuiApplication.clipboard().setText(item.text)
        return None
    if name == "overtake":
        before = blocker_of(state, item)
        return desk.answer(before.id, Decision.LEFT) if before is not None else None
    ask = ASKS.get(name)
    return ask(desk, item) if ask is not None else None
