"""Canned rows and a themed application for the left column, the strip and the status bar."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.queue import QueueRow
from kefu_desk.presenters.sessions import SessionRow
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.i18n import Language
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.theme import Theme, ui_font

RESOURCES = Path(__file__).resolve().parents[3] / "resources"


@dataclass
class Look:
    """The theme, the icons and the language of one test."""

    theme: Theme
    icons: Icons
    language: Language

    def speak(self, code: str) -> None:
        """Switches the language and lets Qt deliver the news."""
        self.language.use(code)
        QApplication.sendPostedEvents()


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    qapp.setStyle("Fusion")
    qapp.setFont(ui_font(13))
    theme = Theme(RESOURCES / "themes", qapp)
    language = Language(RESOURCES / "translations", qapp)
    theme.use("light")
    language.use("zh_CN")
    QApplication.sendPostedEvents()
    yield Look(theme, Icons(RESOURCES / "icons"), language)
    language.use("en")
    qapp.setStyleSheet("")
    theme.deleteLater()


@pytest.fixture
def case_row() -> Callable[..., QueueRow]:
    def build(key: str, **fields: object) -> QueueRow:
        values: dict[str, object] = {
            "name": text("customer.anonymous", tail=key),
            "glyph": "",
            "timer": "0:48",
            "tone": Tone.MUTED,
            "badge": None,
            "detail": (verbatim("新客户"),),
            "accepting": False,
            "can_accept": True,
            "note": None,
            "sentence": (verbatim(f"row {key}"), verbatim("waits")),
        }
        return QueueRow(key=key, **(values | fields))

    return build


@pytest.fixture
def session_row() -> Callable[..., SessionRow]:
    def build(key: str, **fields: object) -> SessionRow:
        values: dict[str, object] = {
            "name": verbatim(key),
            "glyph": "林",
            "bold": False,
            "ring": 0.8,
            "ring_tone": Tone.GOOD,
            "dots": 3,
            "hours": verbatim("41h"),
            "time": "14:36",
            "dot": Tone.GOOD,
            "mark": "",
            "preview": (verbatim("好的"),),
            "preview_tone": Tone.MUTED,
            "draft": False,
            "unanswered": None,
            "unanswered_tone": Tone.MUTED,
            "unread": 0,
            "sentence": (verbatim(f"chat {key}"),),
        }
        return SessionRow(key=key, **(values | fields))

    return build


@pytest.fixture
def unnamed() -> Callable[[QWidget], list[str]]:
    """Finds the controls that a screen reader would announce without a name."""

    def find(pane: QWidget) -> list[str]:
        out = []
        for widget in pane.findChildren(QWidget):
            if not isinstance(widget, QAbstractButton | QAbstractItemView) or widget.isHidden():
                continue
            spoken = QAccessible.queryAccessibleInterface(widget)
            if not spoken.text(QAccessible.Text.Name).strip():
                out.append(type(widget).__name__)
        return out

    return find
