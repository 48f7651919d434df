"""Header, banners and the empty middle, in both languages and themes."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.composer import ComposerView
from kefu_desk.presenters.timeline import Banner, ChatHeader, ChatView, RowAction, TimelineRow
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.banners import BannerLine, Banners
from kefu_desk.ui.chat_header import ChatHeaderBar
from kefu_desk.ui.key_table import KeyTable
from tests.ui.chat.conftest import Desk, Look

LEFT = Qt.MouseButton.LeftButton
OFFLINE = Banner(
    "link", Tone.SOON, "wifi-off", verbatim("网络已断开"), (RowAction("retry", verbatim("重试")),)
)
ACCOUNT = Banner(
    "presence",
    Tone.LATE,
    "plug",
    verbatim("你的客服账号未在线，微信不允许接入。请在 mpkf 登录并保持打开"),
    (RowAction("open_mpkf", verbatim("打开 mpkf")), RowAction("help", verbatim("如何保持在线"))),
    verbatim("65415 rid: <b>1</b>"),
)


def visible_words(widget: QWidget) -> set[str]:
    return {
        child.accessibleName()
        for child in widget.findChildren(QWidget)
        if child.isVisible() and child.accessibleName()
    }


def show(desk: Desk, header: ChatHeader | None, *banners: Banner) -> None:
    desk.pane.render(ChatView(header=header, banners=banners, conversation=header.key if header else ""))
    QApplication.sendPostedEvents()


def test_the_header_asks_to_close_its_own_customer(desk: Desk, header_of: Callable[..., ChatHeader]) -> None:
    asked: list[str] = []
    desk.pane.closeRequested.connect(asked.append)
    bar = desk.pane.findChild(ChatHeaderBar)
    show(desk, header_of("he"))
    assert bar.height() == 56
    QTest.mouseClick(bar._close, LEFT)
    assert asked == ["he"]
    assert bar._close.height() == 28
    show(desk, header_of("he", closing=True))
    QTest.mouseClick(bar._close, LEFT)
    assert asked == ["he"]
    assert bar._close.text() == "正在结束"
    show(desk, header_of("he", can_close=False, in_session=False, ring=None, dots=None, clock=""))
    assert not bar._close.isVisible()
    assert visible_words(bar) == {"小林", "oM4x…7F3A"}


def test_the_header_leaves_things_out_in_order(desk: Desk, header_of: Callable[..., ChatHeader]) -> None:
    bar = desk.pane.findChild(ChatHeaderBar)
    show(desk, header_of("lin", name=verbatim("一个非常非常长的客户名字，长到放不下")))
    states = []
    for width in range(900, 380, -5):
        desk.pane.resize(width, 620)
        QApplication.sendPostedEvents()
        state = (bar._tail.isVisible(), bar._close.isVisible(), not bar._dots._brief)
        if not states or states[-1] != state:
            states.append(state)
        assert bar._close.isVisible() != bar._short.isVisible()
        assert bar._ring.isVisible()
        assert bar._clock.isVisible()
    order = [(True, True, True), (False, True, True), (False, False, True), (False, False, False)]
    assert states == order[: len(states)]
    assert len(states) >= 3
    assert bar._short.accessibleName() == "结束会话"


def test_banners_say_what_and_offer_what_to_do(desk: Desk, header_of: Callable[..., ChatHeader]) -> None:
    asked: list[tuple[str, str]] = []
    desk.pane.bannerActionRequested.connect(lambda key, name: asked.append((key, name)))
    show(desk, header_of("lin"), ACCOUNT, OFFLINE, Banner("third", Tone.SOON, "info", verbatim("第三条")))
    lines = desk.pane.findChildren(BannerLine)
    assert [line.banner.key for line in lines] == ["presence", "link"]
    assert lines[1].height() == 36
    assert "&lt;b&gt;" in lines[0].toolTip()
    buttons = lines[0].findChildren(QAbstractButton)
    QTest.mouseClick(buttons[1], LEFT)
    assert asked == [("presence", "help")]
    desk.pane.resize(440, 620)
    QApplication.sendPostedEvents()
    QTest.qWait(1)
    assert lines[0].height() >= 52
    assert lines[0]._words.height() >= lines[0]._words.heightForWidth(lines[0]._words.width())


def test_a_banner_that_stays_keeps_its_widget_and_the_focus(
    desk: Desk, header_of: Callable[..., ChatHeader]
) -> None:
    show(desk, header_of("lin"), OFFLINE)
    line = desk.pane.findChild(BannerLine)
    button = line.findChild(QAbstractButton)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    show(desk, header_of("lin"), ACCOUNT, OFFLINE)
    assert button.hasFocus()
    column = desk.pane.findChild(Banners)
    assert [line.banner.key for line in column._lines] == ["presence", "link"]
    assert column._lines[1] is line
    show(desk, header_of("lin"))
    assert column.isHidden()


def test_no_conversation_shows_keys_that_exist(desk: Desk, look: Look) -> None:
    show(desk, None)
    desk.composer.render(ComposerView())
    table = desk.pane.findChild(KeyTable)
    assert table.isVisible()
    assert not desk.composer.isVisible()
    assert table.accessibleName() == "选择一个会话"
    for keys in ("Ctrl+J", "Alt+↓", "Alt+↑", "Ctrl+E", "Ctrl+Shift+S", "Shift+Enter"):
        assert keys in table.accessibleDescription()
    look.speak("en")
    assert table.accessibleName() == "Choose a conversation"


def test_every_control_has_a_name(
    desk: Desk, header_of: Callable[..., ChatHeader], failed: TimelineRow, look: Look
) -> None:
    for language in ("zh_CN", "en"):
        look.speak(language)
        show(desk, header_of("lin"), ACCOUNT, OFFLINE)
        desk.show_rows([failed])
        for widget in desk.pane.findChildren(QWidget):
            if isinstance(widget, QAbstractButton | QAbstractItemView) and not widget.isHidden():
                spoken = QAccessible.queryAccessibleInterface(widget)
                assert spoken.text(QAccessible.Text.Name).strip(), widget


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_theme_reaches_every_corner(
    desk: Desk, look: Look, header_of: Callable[..., ChatHeader], failed: TimelineRow, choice: str
) -> None:
    show(desk, header_of("lin"), OFFLINE)
    desk.show_rows([failed])
    look.theme.use(choice)
    QApplication.sendPostedEvents()
    picture: QImage = desk.pane.grab().toImage()
    bg = look.theme.color("bg")
    for x, y in ((300, 4), (300, 200), (4, 600)):
        assert QColor(picture.pixel(x, y)) == bg, (x, y)
    out = look.theme.color("bubble-out").rgb()
    assert any(picture.pixel(x, y) == out for y in range(100, 450, 3) for x in range(400, 640, 4))


def test_the_session_clock_is_spoken_as_what_it_is(desk: Desk, header_of: Callable[..., ChatHeader]) -> None:
    show(desk, header_of("lin", sends=text("sends.left", 3)))
    assert {"会话时钟 18:24", "还可发 3 条", "41 小时"} <= visible_words(desk.pane)
