"""Somebody at the wizard: real key and mouse events, and eyes for what is shown."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from kefu_desk.presenters.setup import CheckState
from kefu_desk.ui.button import Button
from kefu_desk.ui.dialogs.setup import SetupWizard
from kefu_desk.ui.dialogs.setup_agents import ChoiceList
from kefu_desk.ui.dialogs.setup_checks import CheckLine, CheckList
from kefu_desk.ui.dialogs.setup_fields import Field
from kefu_desk.ui.dialogs.setup_steps import VaultNote
from kefu_desk.ui.i18n import words

LEFT = Qt.MouseButton.LeftButton


async def until(reached: Callable[[], object], what: str = "") -> None:
    """Lets the program run until something is so."""
    try:
        async with asyncio.timeout(30):
            while not reached():  # noqa: ASYNC110  what is on the screen sets no event
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"did not come about: {what or reached}") from None


class Person:
    """Acts on one wizard."""

    def __init__(self, dialog: SetupWizard) -> None:
        self.dialog = dialog

    def field(self, name: str) -> QLineEdit:
        return next(f for f in self.dialog.findChildren(Field) if f.name == name).edit

    def fault(self, name: str) -> str:
        """What a screen reader says about a field."""
        return self.field(name).accessibleDescription()

    def types(self, name: str, value: str) -> None:
        edit = self.field(name)
        QTest.mouseClick(edit, LEFT)
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        for letter in value:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QCoreApplication.sendEvent(edit, event)

    def button(self, label: str, inside: QWidget | None = None) -> Button:
        found = [
            b for b in (inside or self.dialog).findChildren(Button) if b.text() == label and b.isVisible()
        ]
        assert len(found) == 1, (label, [b.text() for b in self.dialog.findChildren(Button) if b.isVisible()])
        return found[0]

    def clicks(self, label: str, inside: QWidget | None = None) -> None:
        button = self.button(label, inside)
        assert button.isEnabled(), label
        QTest.mouseClick(button, LEFT)

    def fills(self, appid: str, secret: str, base: str, title: str = "鹿野生活馆") -> None:
        for name, value in (("title", title), ("appid", appid), ("secret", secret)):
            self.types(name, value)
        if not self.field("base").isVisible():
            self.clicks("高级")
        self.types("base", base)

    async def tests(self) -> None:
        """Starts the tests and waits for their end."""
        self.clicks("开始测试")
        await self.tested()

    @property
    def footer(self) -> QFrame:
        return self.dialog.findChild(QFrame, "footer")

    async def tested(self) -> None:
        def over() -> bool:
            return any(b.text() == "重新测试" and b.isVisible() for b in self.footer.findChildren(Button))

        await until(over, "the end of the tests")

    @property
    def lines(self) -> dict[str, CheckLine]:
        return {line.row.key: line for line in self.dialog.findChild(CheckList).lines}

    @property
    def states(self) -> dict[str, CheckState]:
        return {key: line.row.state for key, line in self.lines.items()}

    @property
    def failed(self) -> CheckLine:
        (line,) = [line for line in self.lines.values() if line.row.state is CheckState.FAILED]
        return line

    @property
    def reason(self) -> str:
        row = self.failed.row
        assert row.reason is not None
        return words(row.reason)

    @property
    def warning(self) -> str:
        """The note about the keyring, as far as it is shown."""
        note = self.dialog.findChild(VaultNote)
        view = self.dialog._view
        return words(view.vault_warning) if note.isVisible() and view.vault_warning is not None else ""

    @property
    def agents(self) -> ChoiceList:
        return self.dialog.findChild(ChoiceList)

    def choices(self) -> list[tuple[str, bool]]:
        """What the list of agents says of each, and whether it can be chosen."""
        model = self.agents.model()
        rows = [model.index(row, 0) for row in range(model.rowCount())]
        return [(str(row.data()), bool(row.flags() & Qt.ItemFlag.ItemIsEnabled)) for row in rows]

    def picks(self, row: int) -> None:
        agents = self.agents
        where = agents.visualRect(agents.model().index(row, 0)).center()
        QTest.mouseClick(agents.viewport(), LEFT, pos=where)
