"""The supervisor page, languages, themes and a narrow window."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.e2e.conftest import Desk
from tests.e2e.screen import QUEUE, SESSIONS, name_of
from tests.e2e.shop import arrive, served
from tests.e2e.window import Window

pytestmark = pytest.mark.display


def plane(picture: Path) -> QColor:
    """The colour of the empty middle of the window."""
    return QImage(str(picture)).pixelColor(1200, 400)


def choose(window: Window, menu: str, item: str) -> None:
    """Picks a command of a menu with the mouse."""
    window.click(window.until(f"the menu {menu}", lambda s: s.named(menu, "MenuItem")))
    window.click(window.until(f"the command {item}", lambda s: s.named(item, "MenuItem")))


def test_the_supervisor_page_is_live(inside: Desk) -> None:
    window = inside.window
    arrive(inside.shop, "你好")
    inside.refresh()
    window.until("who waits", lambda s: s.rows(QUEUE))
    window.press("ctrl+shift+s")
    agent = window.until("an agent", lambda s: s.saying("小王", "Cell"))
    assert "在线" in agent.name
    assert "kf2002@luye" in agent.name
    screen = window.look()
    assert screen.saying("小陈", "Cell") is not None
    assert screen.saying("排队 1") is not None
    newcomer = arrive(inside.shop, "有人吗")[0]
    inside.refresh()
    window.until("the newcomer", lambda s: s.saying(name_of(newcomer), "ListItem"))
    window.until("the new length of the queue", lambda s: s.saying("排队 2"))
    window.picture("supervisor-1280")
    window.shrink(960, 600)
    window.until("the narrow window", lambda s: s.window.rect[2] == 960)
    window.picture("supervisor-960")
    window.click(window.until("the way back", lambda s: s.named("返回会话", "Button")))
    window.until("the queue", lambda s: s.rows(QUEUE) or s.named("待接入 2", "RadioButton"))


def test_the_language_changes_at_once(inside: Desk) -> None:
    window = inside.window
    arrive(inside.shop, "你好")
    inside.refresh()
    window.until("who waits", lambda s: s.rows(QUEUE))
    choose(window, "视图", "English")
    window.until("English words", lambda s: s.named("Accept next", "Button"))
    row = window.look().rows(QUEUE)[0]
    assert "New customer" in row.name
    assert [item.name for item in window.look().all("MenuItem")][:5] == [
        "Account",
        "Chats",
        "View",
        "Tools",
        "Help",
    ]
    assert window.look().window.name.endswith("SIMULATOR · kefu-desk")
    window.picture("english-1280")
    assert chinese(window) == ["鹿野生活馆", "小陈"]

    # the keyboard alone: Alt goes to the menus
    window.press("Alt_L", "Right", "Right", "Down")
    window.until("an open menu", lambda s: s.all("PopupMenu"))
    while not (item := window.look().named("简体中文", "MenuItem")) or "focused" not in item.states:
        window.press("Down")
    window.press("Return")
    window.until("Chinese words", lambda s: s.named("接入下一位", "Button"))


def chinese(window: Window) -> list[str]:
    """Chinese words on the screen besides what people have called themselves."""
    known = {"鹿野生活馆": False, "小陈": False, "简体中文": False}
    strange = []
    for node in window.look().nodes:
        name = node.name
        for word in known:
            if word in name:
                known[word] = True
                name = name.replace(word, "")
        if any("一" <= letter <= "鿿" for letter in name):
            strange.append(node.name)
    assert strange == []
    return [word for word, seen in known.items() if seen]


def test_the_theme_changes_at_once(inside: Desk) -> None:
    window = inside.window
    assert plane(window.picture("theme")).lightness() > 200
    window.press("ctrl+d")
    window.until("the dark", lambda _s: plane(window.picture("theme")).lightness() < 60)
    window.picture("dark-1280")
    choose(window, "视图", "浅色")
    window.until("the light", lambda _s: plane(window.picture("theme")).lightness() > 200)


def test_a_narrow_window_has_tabs(inside: Desk) -> None:
    window = inside.window
    (openid,) = arrive(inside.shop, "你好")
    inside.refresh()
    window.until("who waits", lambda s: s.rows(QUEUE))
    window.shrink(960, 600)
    tab = window.until("the tab of the queue", lambda s: s.named("待接入 1", "RadioButton"))
    window.until("the sessions in front", lambda s: not s.rows(QUEUE))
    window.click(tab)
    row = window.until("who waits", lambda s: s.row(QUEUE, name_of(openid)))
    window.picture("queue-960")
    window.click(row, times=2)
    window.until("the chat's row", lambda s: s.row(SESSIONS, name_of(openid)))
    window.until("the keyboard in the box", lambda s: (reply := s.reply()) and "focused" in reply.states)
    window.picture("chat-960")
    assert served(inside.shop) == {openid}
    window.shrink(1280, 800)
    window.until("both lists", lambda s: not s.all("CheckBox"))
