"""What the program starts with, and the pieces of Qt that live as long as it does."""

from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from kefu_desk.ui.i18n import Language
from kefu_desk.ui.theme import Theme
from kefu_desk.ui.window import DeskWindow


@dataclass(frozen=True, slots=True)
class Start:
    """What the window opens with. `scenario` means the simulator; `profile` a named account."""

    scenario: str | None = None
    seed: int = 1
    profile: str | None = None
    language: str | None = None
    theme: str | None = None
    play: bool = False
    shot: str | None = None
    verbose: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """The pieces of Qt that live as long as the program."""

    app: QApplication
    window: DeskWindow
    theme: Theme
    language: Language
