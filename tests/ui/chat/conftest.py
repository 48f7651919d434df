"""A themed application, canned conversations and a pane with its reply box."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import verbatim
from kefu_desk.presenters.composer import ComposerView
from kefu_desk.presenters.timeline import ChatHeader, ChatView, RowAction, RowKind, Side, TimelineRow
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.i18n import Language
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.panes.chat import ChatPane
from kefu_desk.ui.panes.composer import Composer
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


@dataclass
class Desk:
    """The middle of the window as the window builds it."""

    pane: ChatPane
    composer: Composer

    def show_rows(self, rows: list[TimelineRow] | tuple[TimelineRow, ...], key: str = "lin") -> None:
        """Renders the conversation of one customer."""
        self.pane.render(ChatView(header=header(key), rows=tuple(rows), conversation=key))
        QApplication.sendPostedEvents()


@pytest.fixture
def desk(look: Look, qtbot: QtBot) -> Desk:
    pane = ChatPane(look.theme, look.icons)
    composer = Composer(look.theme, look.icons)
    pane.set_composer(composer)
    qtbot.addWidget(pane)
    pane.resize(660, 620)
    pane.show()
    pane.activateWindow()
    qtbot.waitActive(pane)
    pane.render(ChatView(header=header("lin"), conversation="lin"))
    composer.show_draft("lin", "")
    composer.render(ComposerView("lin", shown=True, grant=verbatim("还可发 3 条"), ring=0.8))
    composer.focus_text()
    return Desk(pane, composer)


@pytest.fixture
def bubble() -> Callable[..., TimelineRow]:
    return make_bubble


def make_bubble(key: str, body: str = "你好", side: Side = Side.IN, **fields: object) -> TimelineRow:
    """One message with its sentence."""
    values: dict[str, object] = {
        "meta": "14:18",
        "stamp": "2026-11-22 14:18:03",
        "sentence": (verbatim("客户"), verbatim(body)),
    }
    return TimelineRow(key=key, kind=RowKind.BUBBLE, side=side, body=body, **(values | fields))


def header(key: str, **fields: object) -> ChatHeader:
    """The header of a customer in session."""
    values: dict[str, object] = {
        "key": key,
        "name": verbatim("小林"),
        "glyph": "林",
        "tail": "oM4x…7F3A",
        "ring": 0.85,
        "ring_tone": Tone.GOOD,
        "window": verbatim("41 小时"),
        "dots": 3,
        "sends": verbatim("还可发 3 条"),
        "clock": "18:24",
        "clock_tone": Tone.MUTED,
        "can_close": True,
        "closing": False,
        "in_session": True,
    }
    return ChatHeader(**(values | fields))


@pytest.fixture
def header_of() -> Callable[..., ChatHeader]:
    return header


@pytest.fixture
def failed(bubble: Callable[..., TimelineRow]) -> TimelineRow:
    return bubble(
        "failed",
        "退款已申请",
        Side.OUT,
        state=verbatim("未发送"),
        state_icon="circle-alert",
        state_tone=Tone.LATE,
        actions=(RowAction("resend", verbatim("重发")), RowAction("edit", verbatim("编辑"))),
    )


@pytest.fixture
def compose() -> Callable[..., None]:
    """Sends what an input method sends: an unfinished text, and perhaps a finished one before it."""

    def send(widget: QWidget, preedit: str = "", commit: str = "") -> None:
        event = QInputMethodEvent(preedit, [])
        if commit:
            event.setCommitString(commit)
        QApplication.sendEvent(widget, event)

    return send
