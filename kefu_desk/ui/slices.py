"""Which part of the state each pane shows, so that a pane is painted only when its part has changed."""

from collections.abc import Callable
from operator import attrgetter

from msgspec import Struct

from kefu_desk.domain.state import DeskState
from kefu_desk.presenters.chat import ChatPresenter
from kefu_desk.presenters.composer import present_composer
from kefu_desk.presenters.queue import present_queue
from kefu_desk.presenters.sessions import present_sessions
from kefu_desk.presenters.status import present_status, present_strip, present_toasts
from kefu_desk.presenters.team import present_team
from kefu_desk.ui.window import DeskWindow

Render = Callable[[DeskState, float], None]
TALK = ("conversation", "digests", "outbox", "unexplained", "coverage", "refusals", "policy")
SENDS = ("held", "pause", "lookups", "calibration")


class Slice(Struct, frozen=True):
    """One pane: the attributes of the state it shows, and whether it also changes with time alone."""

    parts: tuple[str, ...]
    render: Render
    ticks: bool = True
    on_team_page: bool = False

    def differs(self, before: DeskState, after: DeskState) -> bool:
        """Whether its part of the state is another one now."""
        return any(attrgetter(name)(before) is not attrgetter(name)(after) for name in self.parts)


def chat_slices(window: DeskWindow) -> tuple[Slice, ...]:
    """The conversation and its reply box."""
    w, chat = window, ChatPresenter()

    def composer(state: DeskState, now: float) -> None:
        talk = state.conversation
        if talk is not None and w.composer.key != talk.openid:
            w.composer.show_draft(talk.openid, state.drafts.get(talk.openid, ""))
        view = present_composer(state, now)
        w.composer.render(view)
        for name, possible in (("undo_send", view.held), ("send_now", view.held), ("park_reply", view.shown)):
            w.actions_[name].setEnabled(bool(possible))

    return (
        Slice(
            (*TALK, *SENDS, "sessions", "agents", "link.feeds", "identity"),
            lambda s, t: w.chat.render(chat.present(s, t)),
        ),
        Slice((*TALK, "refusal"), composer),
    )


def slices(window: DeskWindow) -> tuple[Slice, ...]:
    """Everything around the conversation."""
    w = window

    def identity(state: DeskState, _now: float) -> None:
        w.show_identity(state.identity.title, simulated=state.identity.simulated)

    def counts(state: DeskState, _now: float) -> None:
        w.left.set_counts(str(state.queue.count or ""), str(len(state.sessions.items) or ""))

    return (
        Slice(
            ("queue", "digests", "agents", "identity", "link.clock_offset"),
            lambda s, t: w.queue.render(present_queue(s, t)),
        ),
        Slice(
            (*TALK, "sessions", "unread", "drafts", "queue", "agents.presence", "link.clock_offset"),
            lambda s, t: w.sessions.render(present_sessions(s, t)),
        ),
        Slice(
            ("queue", "sessions", "digests", "unexplained", "agents", "identity", "link.feeds"),
            lambda s, t: w.strip.render(present_strip(s, t)),
        ),
        Slice(
            ("link", "outbox", "agents.accounts", "identity"),
            lambda s, _t: w.status.render(present_status(s)),
            ticks=False,
        ),
        Slice(("queue.count", "sessions.items"), counts, ticks=False),
        Slice(("notices",), lambda s, _t: w.toasts.render(present_toasts(s)), ticks=False),
        Slice(("identity",), identity, ticks=False),
        Slice(
            ("queue", "agents", "link.feeds", "digests"),
            lambda s, t: w.team.render(present_team(s, t)),
            on_team_page=True,
        ),
    )
