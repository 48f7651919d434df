"""The window's start: what the first paint needs is imported here, everything else after it."""

import os
import sys

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication

from kefu_desk.app.assets import resources
from kefu_desk.app.stage import Stage, Start
from kefu_desk.ui.i18n import Language
from kefu_desk.ui.theme import Theme, ui_font
from kefu_desk.ui.window import DeskWindow

LOCALE_VARIABLES = ("LC_ALL", "LC_CTYPE", "LANG")


def run_window(start: Start) -> int:
    """Shows the window, then runs the program in Qt's event loop until it is closed."""
    stage = make_stage(start)
    stage.window.show()
    wait_for_paint(stage.window)
    from kefu_desk.app.conductor import conduct
    from kefu_desk.app.logs import start_logging
    from kefu_desk.app.paths import places

    start_logging(places().logs, verbose=start.verbose)
    return conduct(stage, start)


def make_stage(start: Start) -> Stage:
    """The application and its window, in the wanted language and theme, not yet shown."""
    if not any(os.environ.get(name) for name in LOCALE_VARIABLES):
        os.environ["LC_CTYPE"] = "C.UTF-8"  # Qt takes it anyway, but complains on stderr first
    QCoreApplication.setApplicationName("kefu-desk")
    app = _application()
    app.setQuitOnLastWindowClosed(False)
    app.setFont(ui_font(13))
    app.setDesktopFileName("kefu-desk")
    folder = resources()
    theme = Theme(folder / "themes", app)
    language = Language(folder / "translations", app)
    language.use(start.language or "system")
    theme.undress()
    theme.use(start.theme or "system")
    return Stage(app, DeskWindow(theme), theme, language)


def _application() -> QApplication:
    """The application with its style; `setStyle` would take 18 ms to say which class of style it had set."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        existing.setStyle("Fusion")
        return existing
    return QApplication([*sys.argv[:1], "-style", "fusion"])


class _FirstPaint(QObject):
    """Ends a Qt loop at the first paint of a window."""

    def __init__(self, loop: QEventLoop) -> None:
        super().__init__()
        self._loop = loop

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Looks for the paint event and lets everything through."""
        if event.type() == QEvent.Type.UpdateRequest:
            self._loop.quit()
        return False


def wait_for_paint(window: DeskWindow) -> None:
    """Returns when the window has been painted, before asyncio exists; nothing else can run here."""
    loop = QEventLoop()
    seen = _FirstPaint(loop)
    window.installEventFilter(seen)
    if window.isVisible():
        loop.exec()  # no coroutine exists yet, so no task can be starved
    window.removeEventFilter(seen)
