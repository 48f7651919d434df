"""One question with two answers, asked without a nested event loop."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kefu_desk.domain.text import Text
from kefu_desk.ui.button import Button
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Paragraph
from kefu_desk.ui.theme import Theme


class Question(QDialog):
    """A window-modal question; shown with `open`, it emits `answered` exactly once.

    Esc, the window's cross and a closing parent mean no. A dangerous question is red and Enter means no.
    """

    answered = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None,
        *,
        title: Text,
        question: Text,
        confirm: Text,
        cancel: Text,
        danger: bool = False,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._question = question
        self._open = True
        self._yes = Button(theme, icons, confirm, kind="danger" if danger else "primary")
        self._no = Button(theme, icons, cancel)
        self._yes.clicked.connect(self.accept)
        self._no.clicked.connect(self.reject)
        (self._no if danger else self._yes).setDefault(True)
        self._build()
        self._retranslate()
        (self._no if danger else self._yes).setFocus(Qt.FocusReason.OtherFocusReason)
        if parent is not None:
            parent.window().installEventFilter(self)

    def sizeHint(self) -> QSize:
        """Narrow enough to read a question in few lines."""
        width = 420
        layout = self.layout()
        return QSize(width, layout.heightForWidth(width) if layout is not None else 160)

    def done(self, result: int) -> None:
        """Answers once, then closes."""
        super().done(result)
        self._answer(yes=result == QDialog.DialogCode.Accepted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A parent that goes away answers no."""
        gone = event.type() == QEvent.Type.Hide and not event.spontaneous()
        if self._open and (gone or event.type() == QEvent.Type.Close) and watched is not self:
            self.reject()
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _answer(self, *, yes: bool) -> None:
        if self._open:
            self._open = False
            self.answered.emit(yes)

    def _retranslate(self) -> None:
        self.setWindowTitle(words(self._title))
        self.setAccessibleName(words(self._title))
        self.setAccessibleDescription(words(self._question))

    def _build(self) -> None:
        body = QVBoxLayout()
        body.setContentsMargins(28, 24, 28, 24)
        body.setSpacing(8)
        body.addWidget(Paragraph(self._title, role="title"))
        body.addWidget(Paragraph(self._question))
        footer = QFrame()
        footer.setObjectName("footer")
        row = QHBoxLayout(footer)
        row.setContentsMargins(28, 15, 28, 16)
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self._no)
        row.addWidget(self._yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body)
        column.addStretch(1)
        column.addWidget(footer)


def ask(
    theme: Theme,
    icons: Icons,
    parent: QWidget,
    answer: Callable[[bool], None],
    *,
    title: Text,
    question: Text,
    confirm: Text,
    cancel: Text,
    danger: bool = False,
) -> Question:
    """Opens a question over `parent` and calls `answer` once, also when the parent is destroyed unanswered.

    A coroutine awaits it with a future of its own loop: `answer=lambda yes: future.done() or
    future.set_result(yes)`. The dialog deletes itself.
    """
    asked = Question(
        theme, icons, parent, title=title, question=question, confirm=confirm, cancel=cancel, danger=danger
    )
    pending = [answer]

    def once(yes: bool = False) -> None:  # noqa: FBT002  the shape of the signal's slot
        if pending:
            pending.pop()(yes)

    asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    asked.answered.connect(once)
    asked.destroyed.connect(lambda _dialog: once())
    asked.open()
    return asked
