"""A themed, Chinese Qt application for the pages and dialogs, and the rules that hold on each of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from kefu_desk.ui.i18n import Language
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.theme import Theme, ui_font

RESOURCES = Path(__file__).resolve().parents[3] / "resources"


class Stage:
    """Theme, icons and language over one application."""

    def __init__(self, qtbot: QtBot, owner: QObject) -> None:
        self.qtbot = qtbot
        self.theme = Theme(RESOURCES / "themes", owner)
        self.icons = Icons(RESOURCES / "icons")
        self.language = Language(RESOURCES / "translations", owner)
        self._kept: list[QWidget] = []
        self.theme.use("light")
        self.language.use("zh_CN")

    def keep(self, widget: QWidget) -> None:
        """Closes and deletes a widget when the test ends."""
        self._kept.append(widget)

    def clear(self) -> None:
        """Deletes at once: Qt crashes when a table awaits deletion while the style sheet changes."""
        for widget in self._kept:
            if isValid(widget):
                widget.close()
                widget.deleteLater()
        self._kept.clear()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def speak(self, code: str) -> None:
        self.language.use(code)
        QApplication.sendPostedEvents()

    def show(self, widget: QWidget, width: int = 960, height: int = 600) -> None:
        self.keep(widget)
        widget.resize(width, height)
        widget.show()
        widget.activateWindow()
        self.qtbot.waitExposed(widget)
        self.qtbot.waitUntil(widget.isActiveWindow)


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Iterator[Stage]:
    owner = QObject()
    qapp.setStyle("Fusion")
    qapp.setFont(ui_font(13))
    made = Stage(qtbot, owner)
    yield made
    made.clear()
    made.language.use("en")
    qapp.setStyleSheet("")


@pytest.fixture
def unnamed() -> Callable[[QWidget], list[str]]:
    """The controls below a widget that a screen reader could not name."""

    def look(root: QWidget) -> list[str]:
        kinds = (QAbstractButton, QLineEdit, QAbstractItemView)
        return [
            type(child).__name__
            for kind in kinds
            for child in root.findChildren(kind)
            if child.isVisibleTo(root) and not child.accessibleName()
        ]

    return look
