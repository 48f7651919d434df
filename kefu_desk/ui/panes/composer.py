"""Where a reply is written: one draft per customer, sent by Enter, never taken from an input method."""

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kefu_desk.domain.limits import refuse_text, size
from kefu_desk.domain.text import Text, text
from kefu_desk.presenters.composer import ComposerView
from kefu_desk.ui.button import Button
from kefu_desk.ui.grant_line import GrantLine
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Label
from kefu_desk.ui.reply_edit import INSET, ReplyEdit, plain
from kefu_desk.ui.send_button import SendButton
from kefu_desk.ui.theme import Theme

_DRAFT_MS = 500


class Composer(QWidget):
    """Emits (customer, text) when a reply is to be sent, parked or sent `anyway`, and when a draft changes.

    While a sent line is held, Enter in the empty box emits `releaseRequested` and undo `undoRequested`.
    As high as its text, from three lines up to the maximum height that its pane allows.

    `render` never touches the text box. A submitted text stays until `clear_sent`, and cannot be submitted
    a second time before `clear_sent`, `release` or a refusal of the view.
    """

    submitted = Signal(str, str)
    anywayRequested = Signal(str, str)
    parkRequested = Signal(str, str)
    releaseRequested = Signal(str)
    undoRequested = Signal(str)
    draftChanged = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = ComposerView()
        self._key = ""
        self._told = ""
        self._refusal: Text | None = None
        self._stale: Text | None = None
        self._in_flight: dict[str, str] = {}
        self._left: dict[str, str] = {}
        self._clear_later: str | None = None
        self._back: list[tuple[str, bool]] = []
        self._high = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_DRAFT_MS)
        self._pause.timeout.connect(self.flush_draft)
        self.setObjectName("composer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._grant = GrantLine(theme, icons, self)
        self._edit = ReplyEdit(self)
        self._hint = Label(text("composer.hint"), role="meta", elide=True)
        self._anyway = Button(theme, icons, text("composer.anyway"))
        self._send = SendButton(theme, icons)
        self.setFocusProxy(self._edit)
        self._build()
        self._retranslate()
        self._fit()
        self.setVisible(False)

    @property
    def key(self) -> str:
        """The customer whose draft stands in the box."""
        return self._key

    @property
    def text(self) -> str:
        """What stands in the box, without an unfinished composition."""
        return self._edit.text()

    @property
    def composing(self) -> bool:
        """Whether an input method is at work in the box."""
        return self._edit.composing

    def render(self, view: ComposerView) -> None:  # type: ignore[override]  # the name of all panes
        """Shows what may be sent; the text box is left alone."""
        before, self._view = self._view, view
        if view.refusal is not before.refusal:  # the same words again are a refusal of their own
            self._stale = None
            if view.refusal is not None:
                self._in_flight.pop(view.key, None)
                self._take_back()
        self._edit.holding = view.held > 0
        self._grant.grant(view.grant, view.grant_tone, view.ring)
        self._show_reason()
        if self.isHidden() == view.shown and not self._edit.composing:
            self._show_or_hide()

    def show_draft(self, key: str, words_: str) -> None:
        """Changes to a customer and his draft; an unfinished composition stays with the last one."""
        self._edit.commit()
        self.flush_draft()
        self._leave()
        self._key = key
        self._refusal = None
        self._stale = None
        self._told = plain(words_)
        self._edit.replace(words_)
        self._pause.stop()
        self._show_reason()

    def clear_sent(self, key: str, words_: str) -> None:
        """Empties the box of a customer if it still holds exactly the text that was submitted."""
        if self._in_flight.get(key) != words_:
            return
        del self._in_flight[key]
        if key != self._key:
            if self._left.pop(key, None) == words_:
                self.draftChanged.emit(key, "")
        elif plain(self._edit.text()) == words_:
            if self._edit.composing:
                self._clear_later = self._edit.text()
            else:
                self._edit.replace("")
                self.flush_draft()
        self._take_back()

    def release(self, key: str) -> None:
        """The submitted text of a customer was not taken: it may be submitted again."""
        self._in_flight.pop(key, None)
        self._take_back()

    def put_back(self, key: str, words_: str, *, wanted: bool) -> None:
        """Puts a text that did not go out behind what is being written to this customer.

        The keyboard goes there too if it was `wanted` by the agent. A composition is left alone, and so is a
        text that is being stored: the words come right after it.
        """
        if key == self._key:
            self._back.append((words_, wanted))
            self._take_back()

    def park(self) -> None:
        """Asks to keep the text until the customer writes."""
        said = self._ready()
        if said is not None:
            self._leave_box(said, self.parkRequested)

    def flush_draft(self) -> None:
        """Tells the draft now, if it has changed since it was last told."""
        self._pause.stop()
        now = self._edit.text()
        if self._key and now != self._told:
            self._told = now
            self.draftChanged.emit(self._key, now)

    def focus_text(self) -> None:
        """Puts the keyboard into the box."""
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the upper edge: a blue line of two pixels while the box has the keyboard."""
        painter = QPainter(self)
        focused = self._edit.hasFocus()
        color = self._theme.color("link" if focused else "hairline")
        painter.fillRect(self.rect(), self._theme.color("bg"))
        painter.fillRect(QRect(0, 0, self.width(), 2 if focused else 1), color)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _build(self) -> None:
        self._anyway.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._anyway.clicked.connect(self._overrule)
        self._send.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the sign stands behind the word
        self._send.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the composition to `_submit`
        self._send.clicked.connect(self._click)
        self._edit.sendRequested.connect(self._submit)
        self._edit.undoSendRequested.connect(self._undo_send)
        self._edit.textChanged.connect(self._typed)
        self._edit.widthChanged.connect(self._fit)
        self._edit.compositionEnded.connect(self._composed)
        self._edit.focusChanged.connect(self._focus_moved)
        self._edit.pasteCut.connect(self._paste_cut)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._grant)
        middle = QHBoxLayout()
        middle.setContentsMargins(20 - INSET, 0, 8, 0)
        middle.addWidget(self._edit)
        column.addLayout(middle)
        tools = QHBoxLayout()
        tools.setContentsMargins(20, 4, 12, 8)
        tools.setSpacing(8)
        tools.addStretch(1)
        tools.addWidget(self._hint)
        tools.addWidget(self._anyway)
        tools.addWidget(self._send)
        column.addLayout(tools)

    def _submit(self) -> None:
        self._edit.commit()
        if self._view.held and self._view.key == self._key and not self._edit.text():
            self.releaseRequested.emit(self._key)
            return
        said = self._ready()
        if said is not None and self._view.blocked is not None:
            self._refuse(self._view.blocked)
        elif said is not None:
            self._leave_box(said, self.submitted)

    def _click(self) -> None:
        if self._send.parks:
            self.park()
        else:
            self._submit()

    def _overrule(self) -> None:
        said = self._ready()
        if said is not None:
            self._leave_box(said, self.anywayRequested)

    def _undo_send(self) -> None:
        if self._view.key == self._key:
            self.undoRequested.emit(self._key)

    def _ready(self) -> str | None:
        """The text as it may leave the box, or None, with the reason told, when it may not."""
        self._edit.commit()
        if not self._key or self._view.key not in {"", self._key}:
            return None
        said = plain(self._edit.text())
        refused = refuse_text(said)
        if refused is not None:
            self._refuse(refused.text)
            return None
        return said if self._in_flight.get(self._key) != said else None

    def _leave_box(self, said: str, how: SignalInstance) -> None:
        self._in_flight[self._key] = said
        self._refusal = None
        self._stale = self._view.refusal
        self._show_reason()
        how.emit(self._key, said)

    def _take_back(self) -> None:
        """Puts back what is waiting for it, unless an input method or a text on its way has the box."""
        if not self._back or self._edit.composing or self._key in self._in_flight:
            return
        back, self._back = self._back, []
        wanted = any(asked for _, asked in back)
        self._edit.add_end("\n".join(said for said, _ in back), go_there=wanted)
        self.flush_draft()
        if wanted:
            self.focus_text()

    def _refuse(self, reason: Text) -> None:
        self._refusal = reason
        self._show_reason(aloud=True)

    def _show_reason(self, *, aloud: bool = False) -> None:
        told = self._view.refusal if self._view.refusal is not self._stale else None
        reason = self._refusal or told or self._view.blocked
        self._grant.reason(reason, aloud=aloud)
        self._send.park(self._view.blocked)
        self._anyway.setVisible(self._view.overrule)
        self._show_hint()

    def _show_hint(self) -> None:
        """What the keys do now: with a line on hold, in a box that parks, and else."""
        if self._view.held:
            key = "composer.hint.join" if self._edit.text() else "composer.hint.held"
        else:
            key = "composer.hint" if self._view.blocked is None else "composer.hint.parks"
        self._hint.say(text(key))

    def _typed(self) -> None:
        now = self._edit.text()
        self._grant.count(size(plain(now)))
        self._show_hint()
        self._fit()
        if now != self._told:
            self._pause.start()
            if self._refusal is not None or self._view.refusal is not None:
                self._refusal = None
                self._stale = self._view.refusal
                self._show_reason()

    def _composed(self) -> None:
        sent, self._clear_later = self._clear_later, None
        if sent is not None:
            self._edit.drop_start(sent)
            self.flush_draft()
        self._take_back()
        if self.isHidden() == self._view.shown:
            self._show_or_hide()

    def _show_or_hide(self) -> None:
        if not self._view.shown:
            self.flush_draft()
        self.setVisible(self._view.shown)

    def _leave(self) -> None:
        self._clear_later = None
        self._back.clear()  # the draft that is kept on disk has those words already
        sent = self._in_flight.get(self._key)
        if sent is not None:
            if plain(self._edit.text()) == sent:
                self._left[self._key] = sent
            else:
                del self._in_flight[self._key]

    def _paste_cut(self, limit: int) -> None:
        self._refuse(text("composer.paste_cut", limit=limit))

    def _focus_moved(self, _inside: bool) -> None:
        self.update(0, 0, self.width(), 3)

    def _fit(self) -> None:
        high = self._edit.sizeHint().height()
        if high != self._high:
            self._high = high
            self._edit.updateGeometry()

    def _retranslate(self) -> None:
        self._edit.setAccessibleName(words(text("composer.text")))
        self._edit.setAccessibleDescription(words(text("composer.hint")))
        self._edit.setPlaceholderText(words(text("composer.placeholder")))
