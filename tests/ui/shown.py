"""The real window, furnished, over one application of a test."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import qasync
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kefu_desk.ui.i18n import Language
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.theme import Theme, ui_font
from kefu_desk.ui.window import DeskWindow

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


@dataclass
class Shown:
    """A window with its theme and language."""

    window: DeskWindow
    language: Language

    def speak(self, code: str) -> None:
        """Switches the language and lets Qt deliver the news."""
        self.language.use(code)
        QApplication.sendPostedEvents()


def show_window(qtbot: QtBot, app: QApplication, *, furnished: bool = True, width: int = 1280) -> Shown:
    """A visible, active window in Chinese; without panes when `furnished` is False."""
    app.setStyle("Fusion")
    app.setFont(ui_font(13))
    owner = QObject(app)
    theme, language = Theme(RESOURCES / "themes", owner), Language(RESOURCES / "translations", owner)
    theme.use("light")
    language.use("zh_CN")
    window = DeskWindow(theme)
    qtbot.addWidget(window, before_close_func=lambda _window: owner.deleteLater())
    if furnished:
        window.furnish(Icons(RESOURCES / "icons"))
        window.show_desk()
    window.resize(width, 800 if width >= 1280 else 600)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    qtbot.waitUntil(window.isActiveWindow)
    return Shown(window, language)


def qt_runner(app: QApplication) -> asyncio.Runner:
    """asyncio in Qt's event loop, undisturbed by windows that other tests have closed."""
    app.setQuitOnLastWindowClosed(False)
    QApplication.sendPostedEvents()
    return asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app))
