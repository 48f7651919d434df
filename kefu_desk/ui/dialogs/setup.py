"""The wizard that adds an account: credentials, live tests, own agent account."""

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kefu_desk.domain.failure import Action
from kefu_desk.domain.text import NOTHING, Text, text
from kefu_desk.presenters.setup import SetupView
from kefu_desk.ui.button import Button
from kefu_desk.ui.dialogs.setup_agents import ChoiceList
from kefu_desk.ui.dialogs.setup_checks import CheckList
from kefu_desk.ui.dialogs.setup_fields import DEFAULT_BASE, Field, SecretEdit
from kefu_desk.ui.dialogs.setup_steps import StepBar, VaultNote
from kefu_desk.ui.empty import EmptyState
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Label, Paragraph
from kefu_desk.ui.theme import Theme

CREDENTIALS, CHECKS, AGENT = range(3)
_STEPS = ("credentials", "checks", "agent")
_NEXT = ("setup.test", "setup.next", "setup.finish")


class SetupWizard(QDialog):
    """Adds an account; shown with `open`. However it closes, the secret leaves its field."""

    testRequested = Signal(str, str, str, str)
    cancelTestRequested = Signal()
    mpkfRequested = Signal()
    saved = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("setup")
        self._view = SetupView()
        self._step = CREDENTIALS
        self._steps = StepBar(theme, icons, [text(f"setup.step.{name}") for name in _STEPS])
        self._vault = VaultNote(theme, icons)
        self._fields = {
            "title": Field("title"),
            "appid": Field("appid"),
            "secret": Field("secret", SecretEdit(theme, icons)),
            "base": Field("base"),
        }
        self._advanced = Button(theme, icons, text("setup.advanced"), kind="link", icon="chevron-right")
        self._advanced.setCheckable(True)
        self._checks_lead = Label(NOTHING, role="second", elide=True)
        self._checks = CheckList(theme, icons)
        self._agents = ChoiceList(theme)
        none = (text("setup.agent.none"), text("setup.agent.none.hint"))
        self._none = EmptyState(theme, icons, "user", *none)
        self._back = Button(theme, icons, text("setup.back"))
        self._cancel = Button(theme, icons, text("setup.cancel"))
        self._test = Button(theme, icons, text("setup.retest"), icon="refresh-cw")
        self._next = Button(theme, icons, text("setup.test"), kind="primary")
        self._pages = [self._credentials_page(), self._checks_page(), self._agent_page()]
        self._build()
        self._connect()
        self.fill()
        self._go(CREDENTIALS)
        self._retranslate()
        # Qt would take two thirds of the screen's height at most, and hide the last field
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize()))

    @property
    def step(self) -> int:
        """The present step: CREDENTIALS, CHECKS or AGENT."""
        return self._step

    def fill(self, *, title: str = "", appid: str = "", base_url: str = DEFAULT_BASE) -> None:
        """Puts known values into the fields, for instance to enter the secret of a known account again."""
        for name, value in (("title", title), ("appid", appid), ("base", base_url)):
            self._fields[name].fill(value)
        self._show_advanced(base_url != DEFAULT_BASE)
        self._refresh()

    def render(self, view: SetupView) -> None:  # type: ignore[override]  # QWidget.render paints; a pane's render shows
        """Shows the tests as they are now."""
        before, self._view = self._view, view
        self._checks.render_rows(view.rows)
        self._agents.render_choices(view.choices)
        self._vault.show_warning(view.vault_warning)
        self._agents.setVisible(bool(view.choices))
        self._none.setVisible(not view.choices)
        if view.passed and not before.passed and self.isVisible():
            self._announce(text("setup.checks.passed"))
        self._refresh()

    def focus_secret(self) -> None:
        """Goes to the AppSecret, the only thing that is missing of a known account."""
        self._fields["secret"].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_field_error(self, field: str, fault: Text | None) -> None:
        """Shows a fault under `title`, `appid`, `secret` or `base` and goes there; a closed wizard opens."""
        self._fields[field].set_fault(fault)
        if fault is not None:
            if not self.isVisible():
                self.open()
            self._go(CREDENTIALS)
            self._show_advanced(field == "base" or self._advanced.isChecked())
            self._fields[field].edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self._announce(fault)

    def sizeHint(self) -> QSize:
        """The design's 660, as high as the tests with one open failure."""
        return QSize(660, 700)

    def done(self, result: int) -> None:
        """Closes; the tests stop and the secret is forgotten."""
        self._stop()
        secret = self._fields["secret"].edit
        if isinstance(secret, SecretEdit):
            secret.wipe()
        self._go(CREDENTIALS)
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_pages"):
            self._retranslate()

    def _connect(self) -> None:
        for field in self._fields.values():
            field.changed.connect(self._refresh)
        self._advanced.toggled.connect(self._show_advanced)
        self._checks.actionRequested.connect(self._act)
        self._agents.agentChanged.connect(self._refresh)
        self._agents.agentActivated.connect(self._forward)
        self._back.clicked.connect(self._backward)
        self._cancel.clicked.connect(self.reject)
        self._test.clicked.connect(self._toggle_test)
        self._next.clicked.connect(self._forward)

    def _act(self, action: str) -> None:
        if action == Action.REENTER_SECRET:
            self._stop()
            self._go(CREDENTIALS)
            edit = self._fields["secret"].edit
            edit.setFocus(Qt.FocusReason.OtherFocusReason)
            edit.selectAll()
        elif action == Action.RETRY:
            self._start()
        elif action == Action.OPEN_MPKF:
            self.mpkfRequested.emit()

    def _forward(self) -> None:
        if not self._next.isEnabled():
            return
        if self._step == CREDENTIALS:
            self._go(CHECKS)
            self._checks.setFocus(Qt.FocusReason.OtherFocusReason)
            self._start()
        elif self._step == CHECKS:
            self._go(AGENT)
            (self._agents if self._view.choices else self._back).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            agent = self._agents.agent
            self.accept()
            self.saved.emit(agent)

    def _backward(self) -> None:
        self._stop()
        self._go(self._step - 1)
        if self._step == CREDENTIALS:
            self._fields["title"].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle_test(self) -> None:
        if self._view.running:
            self._stop()
        else:
            self._start()

    def _start(self) -> None:
        value = {name: field.value for name, field in self._fields.items()}
        appid = value["appid"]
        self._checks_lead.say(text("setup.checks.lead", appid=f"{appid[:6]}…{appid[-4:]}"))
        self.render(replace(self._view, running=True, passed=False))  # an older pass never covers new values
        self.testRequested.emit(appid, value["secret"], value["base"], value["title"])

    def _stop(self) -> None:
        if self._view.running:
            self.cancelTestRequested.emit()

    def _go(self, step: int) -> None:
        self._step = step
        self._steps.go(step)
        for place, page in enumerate(self._pages):
            page.setVisible(place == step)
        self._next.say(text(_NEXT[step]))
        self._next.setDefault(True)
        self._refresh()

    def _refresh(self) -> None:
        view, step = self._view, self._step
        sound = all(field.sound for field in self._fields.values())
        ready = (sound, view.passed and not view.running, bool(self._agents.agent))
        self._next.setEnabled(ready[step])
        self._back.setVisible(step != CREDENTIALS)
        self._test.setVisible(step == CHECKS)
        self._test.say(text("setup.stop" if view.running else "setup.retest"))

    def _show_advanced(self, shown: bool) -> None:
        self._advanced.setChecked(shown)
        self._advanced.show_icon("chevron-down" if shown else "chevron-right")
        self._fields["base"].setVisible(shown)

    def _announce(self, phrase: Text) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words(phrase)))

    def _retranslate(self) -> None:
        self.setWindowTitle(words(text("setup.window")))

    def _credentials_page(self) -> QWidget:
        def build(column: QVBoxLayout) -> None:
            column.addWidget(Paragraph(text("setup.credentials.lead"), role="second"))
            column.addSpacing(16)
            for name in ("title", "appid", "secret"):
                column.addWidget(self._fields[name])
                column.addSpacing(12)
            column.addWidget(self._advanced, 0, Qt.AlignmentFlag.AlignLeft)
            column.addSpacing(8)
            column.addWidget(self._fields["base"])
            column.addStretch(1)

        return _page("setup.step.credentials", build)

    def _checks_page(self) -> QWidget:
        def build(column: QVBoxLayout) -> None:
            column.addWidget(self._checks_lead)
            column.addSpacing(16)
            column.addWidget(self._checks)
            column.addStretch(1)

        return _page("setup.step.checks", build)

    def _agent_page(self) -> QWidget:
        def build(column: QVBoxLayout) -> None:
            column.addWidget(Paragraph(text("setup.agent.lead"), role="second"))
            column.addSpacing(16)
            column.addWidget(self._agents, 1)
            column.addWidget(self._none, 1)
            column.addStretch(0)

        return _page("setup.step.agent", build)

    def _build(self) -> None:
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(28, 0, 28, 16)
        body.setSpacing(0)
        for page in self._pages:
            body.addWidget(page)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        top = QVBoxLayout()
        top.setContentsMargins(28, 18, 28, 20)
        top.setSpacing(12)
        top.addWidget(self._steps)
        top.addWidget(self._vault)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(scroll, 1)
        column.addWidget(self._footer())
        self.setMinimumSize(520, 420)

    def _footer(self) -> QWidget:
        footer = QFrame()
        footer.setObjectName("footer")
        footer.setFixedHeight(64)
        row = QHBoxLayout(footer)
        row.setContentsMargins(28, 0, 28, 0)
        row.setSpacing(8)
        row.addWidget(self._back)
        row.addStretch(1)
        for button in (self._cancel, self._test, self._next):
            row.addWidget(button)
        return footer


def _page(title: str, build: Callable[[QVBoxLayout], None]) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(Label(text(title), role="title"))
    build(column)
    return page
