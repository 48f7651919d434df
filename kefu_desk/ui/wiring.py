"""Connects the state to the panes and the panes to the commands; the only place that knows both."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QGuiApplication

from kefu_desk.desk.runtime import Desk
from kefu_desk.domain.facts import Fact, ReplyTaken, WindowShown, WordsReturned
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import WAITING, SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.presenters.banners import worst_failure
from kefu_desk.presenters.gaps import gap_of
from kefu_desk.presenters.sessions import present_sessions
from kefu_desk.ui.bridge import Bridge
from kefu_desk.ui.send_links import COMES_BACK, asked, item_of
from kefu_desk.ui.slices import Slice, chat_slices, slices
from kefu_desk.ui.window import DeskWindow

MPKF = "https://mpkf.weixin.qq.com/"
TICK_MS = 1000
FIRST_DATA_MS = 30


class Wiring(QObject):
    """One open desk in one window, from `start` to `stop`."""

    def __init__(self, window: DeskWindow, desk: Desk, now: Callable[[], float]) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._now = now
        self._undo: list[Callable[[], object]] = []
        self._focus_opening = -1
        self._told: list[ReplyTaken | WordsReturned] = []
        self._wanted_back: set[OpenId] = set()
        self._bridge = Bridge(lambda: desk.store.state, self)
        self._bridge.changed.connect(self._changed)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._second)
        self._slices = slices(window)
        self._chat_joined = False

    def start(self) -> None:
        """Shows the desk and listens to the person."""
        self._undo.append(self._desk.store.listen(self._note))
        self._join(self._connections())
        self._join([(self._window.chatMade, self._join_chat)])
        self._window.actions_.set_desk_open(is_open=True)
        if self._window.has_chat:
            self._join_chat()
        self._render_all()
        if self._desk.store.state.queue.known:
            QTimer.singleShot(FIRST_DATA_MS, self, self._join_chat)
        self._tick.start()

    def stop(self) -> None:
        """Lets go of the window."""
        self._chat_joined = True
        self._tick.stop()
        self._bridge.stop()
        self._window.actions_.set_desk_open(is_open=False)
        for undo in self._undo:
            undo()
        self._undo.clear()

    def _connections(self) -> list[tuple[Any, Callable[..., object]]]:
        w, desk = self._window, self._desk.commands
        run = self._run
        actions = w.actions_
        return [
            (w.queue.acceptRequested, lambda key: self._accept(OpenId(key))),
            (w.queue.acceptNextRequested, self._accept_next),
            (w.sessions.acceptNextRequested, self._accept_next),
            (w.sessions.openRequested, lambda key: self._open(OpenId(key))),
            (w.strip.refreshRequested, lambda: run("refresh", desk.refresh())),
            (w.strip.teamRequested, w.toggle_team),
            (w.pageChanged, self._render_all),
            (w.activated, self._seen),
            (w.shownChanged, lambda shown: self._desk.store.dispatch(WindowShown(shown))),
            (w.toasts.dismissRequested, lambda number: run("dismiss", desk.dismiss(number))),
            (actions["accept_next"].triggered, self._accept_next),
            (actions["reopen"].triggered, self._reopen),
            (actions["next_session"].triggered, lambda: self._step(1)),
            (actions["previous_session"].triggered, lambda: self._step(-1)),
            (actions["next_unanswered"].triggered, lambda: self._step(1, unanswered=True)),
            (actions["undo_send"].triggered, self._undo_send),
            (actions["send_now"].triggered, self._send_now),
            (actions["park_reply"].triggered, self._park_open),
            (actions["close_chat"].triggered, self._close_current),
            (actions["supervise"].triggered, w.toggle_team),
            (actions["refresh"].triggered, lambda: run("refresh", desk.refresh())),
            (actions["next_pane"].triggered, lambda: w.focus_pane(1)),
            (actions["previous_pane"].triggered, lambda: w.focus_pane(-1)),
            (actions["open_mpkf"].triggered, open_mpkf),
        ]

    def _chat_connections(self) -> list[tuple[Any, Callable[..., object]]]:
        w, desk, run = self._window, self._desk.commands, self._run
        return [
            (w.chat.closeRequested, lambda key: self._close(OpenId(key))),
            (w.chat.actionRequested, self._message_action),
            (w.chat.bannerActionRequested, self._banner_action),
            (w.composer.submitted, self._send),
            (w.composer.anywayRequested, partial(self._send, anyway=True)),
            (w.composer.parkRequested, self._park),
            (w.composer.releaseRequested, self._send_now),
            (w.composer.undoRequested, self._undo_send),
            (w.composer.draftChanged, lambda key, words: run("draft", desk.keep_draft(OpenId(key), words))),
        ]

    def _join(self, connections: list[tuple[Any, Callable[..., object]]]) -> None:
        for signal, slot in connections:
            signal.connect(slot)
            self._undo.append(partial(signal.disconnect, slot))

    def _join_chat(self) -> None:
        """Brings the conversation in: after the first data is painted, or when it is wanted before that."""
        if self._chat_joined:
            return
        self._chat_joined = True
        self._join(self._chat_connections())
        pieces = chat_slices(self._window)
        self._slices += pieces
        for piece in pieces:
            piece.render(self._desk.store.state, self._now())

    def _run(self, name: str, command: Coroutine[Any, Any, object]) -> bool:
        return self._desk.runner.start(name, command)

    # --- from the state to the panes

    def _changed(self, before: DeskState, after: DeskState) -> None:
        now = self._now()
        self._after_sending()  # before another draft is shown, which has the words that came back already
        if after.conversation is not None:
            self._join_chat()
        elif after.queue.known and not before.queue.known:
            QTimer.singleShot(FIRST_DATA_MS, self, self._join_chat)
        for piece in self._visible():
            if piece.differs(before, after):
                piece.render(after, now)
        self._focus_new_chat(after)
        if before.unread is not after.unread:
            self._seen()

    def _second(self) -> None:
        if self._window.isMinimized() or not self._window.isVisible():
            return
        self._join_chat()
        now, state = self._now(), self._desk.store.state
        for piece in self._visible():
            if piece.ticks:
                piece.render(state, now)

    def _render_all(self) -> None:
        now, state = self._now(), self._desk.store.state
        for piece in self._visible():
            piece.render(state, now)

    def _visible(self) -> tuple[Slice, ...]:
        team = self._window.team_shown
        return tuple(piece for piece in self._slices if team or not piece.on_team_page)

    def _focus_new_chat(self, state: DeskState) -> None:
        talk = state.conversation
        if talk is not None and talk.opened == self._focus_opening:
            self._focus_opening = -1
            self._window.composer.focus_text()

    def _note(self, fact: Fact) -> None:
        """Runs inside whatever task dispatched, so it only takes note."""
        if isinstance(fact, ReplyTaken | WordsReturned):
            self._told.append(fact)
        self._bridge.mark_dirty()

    def _after_sending(self) -> None:
        """A stored reply empties the composer, one that came back is put into it; a refused one stays there.

        The facts tell it, not the states: a quick server takes a send within one frame.
        """
        told, self._told = self._told, []
        for fact in told:
            if isinstance(fact, ReplyTaken):
                self._window.composer.clear_sent(fact.openid, fact.words)
            else:
                self._put_back(fact.openid, fact.words)

    # --- from the person to the commands

    def _send(self, key: str, words: str, *, anyway: bool = False) -> None:
        self._window.chat.follow_end()
        if not self._run("send", self._desk.commands.send_text(OpenId(key), words, anyway=anyway)):
            self._window.composer.release(key)

    def _park(self, key: str, words: str) -> None:
        self._window.chat.follow_end()
        if not self._run("park", self._desk.commands.park(OpenId(key), words)):
            self._window.composer.release(key)

    def _park_open(self) -> None:
        if self._window.has_chat and not self._window.composer.composing:
            self._window.composer.park()

    def _send_now(self, *_said: object) -> None:
        """The line that waits to be undone goes at once."""
        talk = self._desk.store.state.conversation
        if talk is not None and not self._window.composer.composing:
            self._run("release", self._desk.commands.release(talk.openid))

    def _undo_send(self, *_said: object) -> None:
        """The line just sent comes back, if it is still held."""
        talk = self._desk.store.state.conversation
        held = [i for i in self._desk.store.state.outbox if i.state is SendState.HELD]
        if talk is None or self._window.composer.composing:
            return
        if any(item.openid == talk.openid for item in held):
            self._wanted_back.add(talk.openid)
            self._run("undo", self._desk.commands.undo(talk.openid))

    def _accept(self, openid: OpenId) -> None:
        self._window.left.show_tab(1)
        self._focus_opening = self._desk.store.state.openings + 1
        self._run("accept", self._desk.commands.accept(openid))

    def _reopen(self) -> None:
        """Takes the open conversation up again, where its session is over or old."""
        talk = self._desk.store.state.conversation
        if talk is not None and not self._window.composer.composing:
            self._run("reopen", self._desk.commands.reopen(talk.openid))

    def _accept_next(self) -> None:
        if self._window.composer.composing:
            return
        self._window.left.show_tab(1)
        self._focus_opening = self._desk.store.state.openings + 1
        self._run("accept", self._desk.commands.accept_next())

    def _open(self, openid: OpenId) -> None:
        state = self._desk.store.state
        if state.conversation is not None and state.conversation.openid == openid:
            self._window.composer.focus_text()
            return
        self._focus_opening = state.openings + 1
        self._run("open", self._desk.commands.open_conversation(openid))

    def _step(self, by: int, *, unanswered: bool = False) -> None:
        if self._window.composer.composing:
            return
        view = present_sessions(self._desk.store.state, self._now())
        keys = [row.key for row in view.rows if not unanswered or row.unanswered is not None]
        if not keys:
            return
        self._window.left.show_tab(1)
        place = keys.index(view.current) + by if view.current in keys else 0 if by > 0 else -1
        self._open(OpenId(keys[place % len(keys)]))

    def _close_current(self) -> None:
        talk = self._desk.store.state.conversation
        if talk is not None and not self._window.composer.composing:
            self._close(talk.openid)

    def _close(self, openid: OpenId) -> None:
        if any(s.openid == openid for s in self._desk.store.state.sessions.items):
            self._run("close", self._desk.commands.close(openid))

    def _seen(self) -> None:
        state = self._desk.store.state
        talk = state.conversation
        if talk is not None and state.unread.get(talk.openid) and self._window.isActiveWindow():
            self._run("seen", self._desk.commands.mark_seen(talk.openid))

    def _message_action(self, key: str, name: str) -> None:
        commands, state = self._desk.commands, self._desk.store.state
        gap, item = gap_of(key), item_of(state, key)
        if gap is not None:
            self._run("fetch", commands.fetch(gap))
        elif item is not None:
            wish = asked(state, commands, item, name)
            if name in COMES_BACK:
                self._wanted_back.add(item.openid)
            if wish is not None:
                self._run(name, wish)

    def _put_back(self, openid: OpenId, words: str) -> None:
        """A text that did not go out is added to what is being written, in the chat it belongs to."""
        wanted = openid in self._wanted_back
        self._wanted_back.discard(openid)
        self._window.composer.put_back(openid, words, wanted=wanted)

    def _banner_action(self, _key: str, name: str) -> None:
        state = self._desk.store.state
        worst = worst_failure(state)
        match name:
            case "retry":
                self._run("refresh", self._desk.commands.refresh())
            case "open_mpkf":
                open_mpkf()
            case "copy_waiting":
                waiting = [item.text for item in state.outbox if item.state in WAITING]
                QGuiApplication.clipboard().setText("\n\n".join(waiting))
            case "copy_ip" if worst is not None:
                QGuiApplication.clipboard().setText(worst[1].subject)
            case "copy_details" if worst is not None:
                QGuiApplication.clipboard().setText(worst[1].detail)
            case "reenter_secret":
                self._window.secretRequested.emit()
            case "reopen":
                self._reopen()


def open_mpkf() -> None:
    """Opens WeChat's own client, the only place where an agent can go online."""
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl(MPKF))
