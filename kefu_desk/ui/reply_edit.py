"""The text box of a reply: plain text, and never a key taken from an input method that is composing."""

from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCursor,
    QTextDocumentFragment,
)
from PySide6.QtWidgets import QApplication, QFrame, QPlainTextEdit, QSizePolicy, QWidget

from kefu_desk.domain.limits import repaired
from kefu_desk.ui.theme import ui_font

PASTE_LIMIT: Final = 20_000
"""Characters that one paste may bring; a reply has at most 2048 bytes."""
INSET: Final = 4
_LINE = 22
_LINES_COUNTED = 100
_LEAST = 3 * _LINE
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
_SENDING = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier)
_KEPT_CONTROLS = "\n\t"
_DROPPED = dict.fromkeys(
    [code for code in (*range(32), *range(127, 160)) if chr(code) not in _KEPT_CONTROLS]
    + [0xFFF9, 0xFFFA, 0xFFFB, 0xFEFF]
)


def plain(words: str) -> str:
    """A text as it may be sent: whole characters, uniform line ends, no NUL or other control character."""
    return repaired(words).translate(_DROPPED)


class ReplyEdit(QPlainTextEdit):
    """Emits `sendRequested` for Enter and Ctrl+Enter, unless an input method is composing.

    While `holding`, undo in the empty box emits `undoSendRequested`: the line just sent can be taken back.
    While a preedit text stands in the box, no key and no shortcut gets past it: a Return that reached the
    editor would wipe the composition and break the line.
    """

    sendRequested = Signal()
    undoSendRequested = Signal()
    compositionEnded = Signal()
    focusChanged = Signal(bool)
    pasteCut = Signal(int)
    widthChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preedit = ""
        self.holding = False
        self.setFont(ui_font(14))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setWordWrapMode(self.wordWrapMode().WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(INSET)
        self.verticalScrollBar().valueChanged.connect(self._moved)
        self.horizontalScrollBar().valueChanged.connect(self._stay_left)

    @property
    def composing(self) -> bool:
        """Whether an input method's unfinished text stands in the box."""
        # Qt may commit by itself, on a mouse click for example, without an event that comes through here.
        return bool(self._preedit) and bool(self.textCursor().block().layout().preeditAreaText())

    def text(self) -> str:
        """What has been typed, without an unfinished composition."""
        return self.toPlainText()

    def commit(self) -> None:
        """Ends a composition; its text becomes part of the reply."""
        if not self.composing:
            return
        method = QGuiApplication.inputMethod()
        method.commit()
        if self.composing:  # an input method that does not answer: keep what the person sees
            event = QInputMethodEvent("", [])
            event.setCommitString(self._preedit)
            method.reset()
            QApplication.sendEvent(self, event)

    def replace(self, words: str) -> None:
        """Begins with another text and a new undo history, the cursor behind it."""
        self.setPlainText(plain(words))
        self.moveCursor(QTextCursor.MoveOperation.End)

    def add_end(self, words: str, *, go_there: bool) -> None:
        """Puts words behind the text, on a line of their own; the cursor stays unless it is to `go_there`.

        In an empty box they stand as if they had always been there, so that undo does not take them away.
        """
        before = self.text().rstrip()
        if not before:
            self.replace(words)
            return
        mine, end = self.textCursor(), len(before.encode("utf-16-le", "surrogatepass")) // 2
        anchor, place = min(mine.anchor(), end), min(mine.position(), end)
        last = QTextCursor(self.document())
        last.setPosition(end)
        last.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        last.insertText(f"\n{plain(words)}")
        if not go_there:
            last.setPosition(anchor)
            last.setPosition(place, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(last)

    def drop_start(self, words: str) -> None:
        """Removes `words` from the beginning, if they are there, and leaves the rest and the cursor alone."""
        units = len(words.encode("utf-16-le", "surrogatepass")) // 2
        if not self.text().startswith(words):
            return
        cursor = QTextCursor(self.document())
        cursor.setPosition(units, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()

    def sizeHint(self) -> QSize:
        """As high as all lines, 22 pixels each; past a hundred the editor scrolls anyway."""
        lines, block = 0, self.document().firstBlock()
        while block.isValid() and lines < _LINES_COUNTED:
            self.blockBoundingRect(block)  # Qt lays a block out when it is asked for, not before
            lines += max(1, block.layout().lineCount())
            block = block.next()
        return QSize(200, max(_LEAST, _LINE * lines))

    def event(self, event: QEvent) -> bool:
        """While composing, keys are the input method's: neither the editor nor a shortcut may take them."""
        if event.type() in _KEYS and self.composing:
            event.accept()
            return True
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Follows the composition."""
        before = self._preedit
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)
        if before and not self._preedit:
            self.compositionEnded.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sends, breaks the line, or edits."""
        if event.key() in _ENTER:
            self._enter(event)
            return
        if self.holding and not self.text() and event.matches(QKeySequence.StandardKey.Undo):
            event.accept()
            if not event.isAutoRepeat():  # a key held down must not undo what comes back
                self.undoSendRequested.emit()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pastes plain words only, as one step that can be undone."""
        rich = QTextDocumentFragment.fromHtml(source.html()).toPlainText() if source.hasHtml() else ""
        words = plain(source.text() if source.hasText() else rich)
        cursor = self.textCursor()
        cursor.beginEditBlock()  # or Qt undoes it together with what was typed just before
        cursor.insertText(words[:PASTE_LIMIT])
        cursor.endEditBlock()
        self.ensureCursorVisible()
        if len(words) > PASTE_LIMIT:
            self.pasteCut.emit(PASTE_LIMIT)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Only words can be pasted; pictures and files cannot."""
        files = any(url.isLocalFile() for url in source.urls())
        return (source.hasText() or source.hasHtml()) and not files

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tells that replies are now being written."""
        super().focusInEvent(event)
        self.focusChanged.emit(True)  # noqa: FBT003  a Qt signal takes no keywords

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.focusChanged.emit(False)  # noqa: FBT003  a Qt signal takes no keywords

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Takes the candidate window of the input method along."""
        super().resizeEvent(event)
        self._moved()
        if event.oldSize().width() != event.size().width():
            self.widthChanged.emit()

    def _enter(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        elif held in _SENDING and not event.isAutoRepeat():
            self.sendRequested.emit()
        event.accept()

    def _stay_left(self, value: int) -> None:
        if value:  # spaces at the end of a wrapped line would scroll the box sideways
            self.horizontalScrollBar().setValue(0)

    def _moved(self) -> None:
        self.updateMicroFocus(Qt.InputMethodQuery.ImCursorRectangle)
