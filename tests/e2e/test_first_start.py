"""The first start: no profile yet, an account is added, and the next start goes straight to its desk."""

from pathlib import Path

import pytest
import tomli_w

from tests.e2e.conftest import Open, ready
from tests.e2e.screen import QUEUE, SESSIONS, Node, Screen, name_of
from tests.e2e.shop import Server, arrive, served
from tests.e2e.window import Window

pytestmark = pytest.mark.display


def fill(window: Window, name: str, words: str) -> None:
    """Clicks a field and types."""
    window.click(window.until(f"the field {name}", lambda s: s.named(name, "EditableText")))
    window.press("ctrl+a")
    window.write(words)


def press(window: Window, name: str) -> None:
    """Clicks a button as soon as it can be clicked."""

    def usable(screen: Screen) -> Node | None:
        button = screen.named(name, "Button") or screen.named(name, "CheckBox")
        return button if button is not None and "disabled" not in button.states else None

    window.click(window.until(f"the button {name}", usable))


def test_an_account_is_added_and_found_again(server: Server, open_window: Open, tmp_path: Path) -> None:
    vault = tmp_path / "secrets.json"
    window = open_window("gui", "--lang", "zh_CN", "--theme", "light", secret_file=vault)
    card = window.until("the welcome", lambda s: s.saying("添加公众号。", "Button"))
    assert window.look().saying("还没有公众号") is not None
    window.picture("welcome-1280")
    window.click(card)
    fill(window, "名称", "鹿野生活馆")
    fill(window, "AppID", server.appid)
    wrong = "0" * 31 + "1"
    fill(window, "AppSecret", wrong)
    press(window, "高级")
    fill(window, "接口地址", server.url)
    window.picture("setup-credentials")
    press(window, "开始测试")
    window.until("what is wrong", lambda s: s.saying("AppSecret 不正确，请重新输入"))
    window.picture("setup-refused")
    press(window, "重新输入")
    fill(window, "AppSecret", server.secret)
    assert server.secret not in str(window.look())
    press(window, "开始测试")
    press(window, "下一步")
    agent = window.until("the own agent", lambda s: s.saying("小陈", "ListItem"))
    window.picture("setup-agents")
    window.click(agent)
    press(window, "完成")
    desk = ready(window, server)
    (openid,) = arrive(server, "你好")
    desk.refresh()
    window.until("who waits", lambda s: s.row(QUEUE, name_of(openid)))
    window.press("ctrl+j")
    window.until("the chat", lambda s: s.row(SESSIONS, name_of(openid)))
    assert served(server) == {openid}
    assert window.close() == 0
    assert holders(tmp_path / "home", server.secret) == []

    again = open_window("gui", "--lang", "zh_CN", "--theme", "light", secret_file=vault)
    ready(again, server)
    again.until("the chat", lambda s: s.row(SESSIONS, name_of(openid)))


def test_a_lost_secret_is_asked_for_again(server: Server, open_window: Open, tmp_path: Path) -> None:
    config = tmp_path / "home" / "config"
    (config / "profiles").mkdir(parents=True)
    profile = {"title": "鹿野生活馆", "appid": server.appid, "agent": "kf2001@luye", "base_url": server.url}
    (config / "profiles" / "shop.toml").write_text(tomli_w.dumps(profile), encoding="utf-8")
    (config / "settings.toml").write_text('last_profile = "shop"\n', encoding="utf-8")
    window = open_window("gui", "--lang", "zh_CN", "--theme", "light", secret_file=tmp_path / "empty.json")

    def asked(screen: Screen) -> Node | None:
        field = screen.named("AppSecret", "EditableText")
        return field if field is not None and "focused" in field.states else None

    window.until("the field of the secret", asked)
    assert window.look().saying("接口地址") is not None
    window.write(server.secret)
    press(window, "开始测试")
    press(window, "下一步")
    window.click(window.until("the own agent", lambda s: s.saying("小陈", "ListItem")))
    press(window, "完成")
    ready(window, server)


def holders(folder: Path, words: str) -> list[Path]:
    """The files below a folder that hold some words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if words.encode() in path.read_bytes()]


def test_the_simulator_opens_from_the_welcome_page(open_window: Open) -> None:
    window = open_window("gui", "--lang", "zh_CN", "--theme", "light")
    window.click(window.until("the welcome", lambda s: s.saying("打开模拟器。", "Button")))
    window.until("who waits", lambda s: len(s.rows(QUEUE)) >= 4)
    assert "模拟器 SIMULATOR" in window.look().window.name
    window.activate()
    window.press("ctrl+j")
    window.until("the chat", lambda s: s.rows(SESSIONS))
    window.picture("day-1280")
