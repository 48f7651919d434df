"""The tested steps of the account wizard, live; a failed one opens with its reason and what to do."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from kefu_desk.domain.failure import Action
from kefu_desk.domain.text import NOTHING, Text, text, verbatim
from kefu_desk.presenters.setup import CheckRow, CheckState
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.button import Button, CopyButton
from kefu_desk.ui.i18n import sentence, words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Label, Paragraph
from kefu_desk.ui.theme import Theme

_SIGNS = {
    CheckState.WAITING: ("circle-dashed", "border"),
    CheckState.RUNNING: ("ellipsis", "link"),
    CheckState.PASSED: ("check", "accent"),
    CheckState.WARNED: ("circle-alert", "amber"),
    CheckState.FAILED: ("circle-x", "red"),
}
_TONES = {CheckState.WARNED: Tone.SOON, CheckState.FAILED: Tone.LATE}
_WORDLESS = (CheckState.WAITING, CheckState.RUNNING)


class CheckLine(QFrame):
    """One step: icon, title, result; below them, when it failed, reason, value, buttons and details."""

    actionRequested = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, row: CheckRow) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._row = row
        self._sign = QLabel()
        self._sign.setFixedSize(16, 16)
        self._title = Label(elide=True)
        self._result = Label(role="meta")
        self._reason = Paragraph()
        self._value = QLineEdit()
        self._value.setReadOnly(True)
        self._copy = CopyButton(theme, icons, text("setup.action.copy_ip"), kind="primary", icon="copy")
        self._act = Button(theme, icons, NOTHING, kind="primary")
        self._detail = Label(role="meta", elide=True)
        self._copy_detail = CopyButton(theme, icons, text("copy.details"), kind="link")
        self._act.clicked.connect(self._acted)
        self._body = self._build()
        self.render_row(row)

    @property
    def row(self) -> CheckRow:
        """The step as shown."""
        return self._row

    def render_row(self, row: CheckRow) -> None:
        """Shows a step; an unchanged one keeps focus and what its buttons say."""
        self._row = row
        state = row.state
        tone = _TONES.get(state)
        waiting = state in _WORDLESS
        self._title.say(row.title)
        self._title.restyle("role", "strong" if tone else "body")
        self._title.tint(Tone.MUTED if state is CheckState.WAITING else Tone.PLAIN)
        shown = row.result if row.result != NOTHING or not waiting else text(f"setup.state.{state.value}")
        self._result.say(shown)
        self._result.tint(tone or Tone.MUTED)
        opened = tone is not None and row.reason is not None
        self._set_open(tone.value if opened and tone is not None else "")
        self._reason.say(row.reason or NOTHING)
        self._body.setVisible(opened)
        self._show_value(row)
        self._recolour()
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follows language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def _show_value(self, row: CheckRow) -> None:
        copies = row.action is Action.COPY_IP
        self._value.setText(row.value)
        self._value.setCursorPosition(0)
        self._value.setFixedWidth(min(360, self._value.fontMetrics().horizontalAdvance(row.value) + 40))
        self._value.setVisible(bool(row.value))
        self._copy.offer(row.value)
        self._copy.setVisible(copies and bool(row.value))
        acts = row.action in {Action.REENTER_SECRET, Action.RETRY, Action.OPEN_MPKF}
        self._act.setVisible(acts)
        if acts and row.action is not None:
            self._act.say(text(f"setup.action.{row.action.value}"))
        self._detail.say(verbatim(row.detail))
        self._copy_detail.offer(row.detail)
        for widget in (self._detail, self._copy_detail):
            widget.setVisible(bool(row.detail))

    def _acted(self) -> None:
        if self._row.action is not None:
            self.actionRequested.emit(self._row.action.value)

    def _set_open(self, value: str) -> None:
        if self.property("open") != value:
            self.setProperty("open", value)
            self.style().unpolish(self)
            self.style().polish(self)

    def _recolour(self) -> None:
        name, token = _SIGNS[self._row.state]
        ratio = self.devicePixelRatioF()
        self._sign.setPixmap(self._icons.pixmap(name, 16, self._theme.color(token), ratio))

    def _retranslate(self) -> None:
        row = self._row
        parts: tuple[Text, ...] = (row.title, text(f"setup.state.{row.state.value}"), row.result)
        self.setAccessibleName(sentence((*parts, row.reason or NOTHING)))
        self._sign.setAccessibleName(words(parts[1]))
        self._value.setAccessibleName(words(text("setup.checks.value")))

    def _build(self) -> QWidget:
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(10)
        head.addWidget(self._sign)
        head.addWidget(self._title, 1)
        head.addWidget(self._result)
        holder = QWidget()
        holder.setFixedHeight(36)
        holder.setLayout(head)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for widget in (self._value, self._copy, self._act):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        details = QHBoxLayout()
        details.setSpacing(4)
        details.addWidget(self._detail)
        details.addWidget(self._copy_detail)
        details.addStretch(1)
        inside = QVBoxLayout()
        inside.setContentsMargins(34, 0, 12, 10)
        inside.setSpacing(8)
        inside.addWidget(self._reason)
        inside.addLayout(buttons)
        inside.addLayout(details)
        body = QWidget()
        body.setLayout(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(holder)
        column.addWidget(body)
        return body


class CheckList(QFrame):
    """The tested steps in their order; lines stay the same widgets while their steps stay."""

    actionRequested = Signal(str)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._lines: dict[str, CheckLine] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(5, 5, 5, 5)
        self._column.setSpacing(0)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._retranslate()

    @property
    def lines(self) -> tuple[CheckLine, ...]:
        """The lines as shown."""
        return tuple(self._lines.values())

    def render_rows(self, rows: tuple[CheckRow, ...]) -> None:
        """Shows the steps."""
        if [row.key for row in rows] != list(self._lines):
            self._rebuild(rows)
        for row in rows:
            if self._lines[row.key].row != row:
                self._lines[row.key].render_row(row)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setAccessibleName(words(text("setup.step.checks")))

    def _rebuild(self, rows: tuple[CheckRow, ...]) -> None:
        for line in self._lines.values():
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = {row.key: CheckLine(self._theme, self._icons, row) for row in rows}
        for line in self._lines.values():
            line.actionRequested.connect(self.actionRequested)
            self._column.addWidget(line)
