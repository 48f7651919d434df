"""Every command of the window by name, with its words and its key."""

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from kefu_desk.domain.text import text
from kefu_desk.ui.i18n import words


@dataclass(frozen=True, slots=True)
class Spec:
    """One command: `group` makes it a choice among others, `desk` needs an open desk."""

    name: str
    key: str = ""
    group: str = ""
    desk: bool = False


MENUS: tuple[tuple[str, tuple[Spec | None, ...]], ...] = (
    ("account", (Spec("add_account"), Spec("open_simulator"), None, Spec("quit", "Ctrl+Q"))),
    (
        "chat",
        (
            Spec("accept_next", "Ctrl+J", desk=True),
            None,
            Spec("next_session", "Alt+Down", desk=True),
            Spec("previous_session", "Alt+Up", desk=True),
            Spec("next_unanswered", "Alt+Shift+Down", desk=True),
            None,
            Spec("reopen", "Ctrl+Shift+J", desk=True),
            Spec("undo_send", "Ctrl+Z", desk=True),
            Spec("send_now", desk=True),
            Spec("park_reply", "Ctrl+Shift+Return", desk=True),
            None,
            Spec("close_chat", "Ctrl+E", desk=True),
        ),
    ),
    (
        "view",
        (
            Spec("supervise", "Ctrl+Shift+S", desk=True),
            Spec("refresh", "F5", desk=True),
            Spec("next_pane", "F6", desk=True),
            Spec("previous_pane", "Shift+F6", desk=True),
            None,
            Spec("theme_system", group="theme"),
            Spec("theme_light", group="theme"),
            Spec("theme_dark", group="theme"),
            Spec("toggle_theme", "Ctrl+D"),
            None,
            Spec("language_system", group="language"),
            Spec("language_zh_CN", group="language"),
            Spec("language_en", group="language"),
        ),
    ),
    ("tools", (Spec("open_mpkf", desk=True), Spec("open_logs"))),
    ("help", (Spec("about"),)),
)


class Actions(QObject):
    """The QActions of the window, retranslated in place."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._by_name: dict[str, QAction] = {}
        self._needs_desk: list[QAction] = []
        self._menus: list[tuple[str, QMenu]] = []
        self._groups: dict[str, QActionGroup] = {}

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def fill(self, bar: QMenuBar) -> None:
        """Builds the menus."""
        for menu_name, specs in MENUS:
            menu = bar.addMenu("")
            self._menus.append((menu_name, menu))
            for spec in specs:
                if spec is None:
                    menu.addSeparator()
                else:
                    menu.addAction(self._make(spec))
        self.retranslate()

    def set_desk_open(self, *, is_open: bool) -> None:
        """Enables what needs a desk."""
        for action in self._needs_desk:
            action.setEnabled(is_open)

    def retranslate(self) -> None:
        """Puts menus and commands into the language of the moment."""
        for name, menu in self._menus:
            menu.setTitle(words(text(f"menu.{name}")))
        for name, action in self._by_name.items():
            action.setText(words(text(f"action.{name}")))

    def _make(self, spec: Spec) -> QAction:
        action = QAction(self)
        if spec.key:
            action.setShortcut(QKeySequence(spec.key))
        if spec.group:
            group = self._groups.setdefault(spec.group, QActionGroup(self))
            group.setExclusive(True)
            action.setCheckable(True)
            group.addAction(action)
        if spec.desk:
            action.setEnabled(False)
            self._needs_desk.append(action)
        self._by_name[spec.name] = action
        return action
