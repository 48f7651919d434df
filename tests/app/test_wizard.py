"""The account wizard with real tests against a real simulator, driven by keys and mouse in Qt's loop."""

import asyncio
import gc
import http.server
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kefu_desk.app.accounts import Accounts
from kefu_desk.app.assets import resources
from kefu_desk.app.clock import SystemClock
from kefu_desk.app.compose import open_desk
from kefu_desk.app.conductor import Conductor
from kefu_desk.app.gui import make_stage
from kefu_desk.app.paths import places
from kefu_desk.app.stage import Stage, Start
from kefu_desk.app.wizard import Wizard
from kefu_desk.desk.store import Store
from kefu_desk.desk.tasks import CommandRunner
from kefu_desk.domain.facts import CommandCrashed, Vault
from kefu_desk.domain.ids import AgentId
from kefu_desk.presenters.setup import CheckState
from kefu_desk.profiles.files import load_profile, save_profile
from kefu_desk.profiles.model import Profile
from kefu_desk.profiles.secrets import Backend, Secret
from kefu_desk.ui.button import CopyButton
from kefu_desk.ui.dialogs.setup import AGENT, CHECKS, CREDENTIALS, SetupWizard
from kefu_desk.ui.icons import Icons
from tests.app.person import Person, until
from tests.app.program import APPID, SECRET, WRONG, Served, bytes_below
from tests.app.test_accounts import Kept, missing

ALL = ["network", "clock", "keyring", "token", "agents", "records"]
Scene = Callable[["Room"], Awaitable[None]]


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    made = make_stage(Start(language="zh_CN", theme="light"))
    made.window.show()
    made.window.furnish(Icons(resources() / "icons"))
    yield made
    made.window.hide()
    made.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    made.language.use("en")
    qapp.setStyleSheet("")
    gc.collect()  # a worker thread must not be the one to destroy a timer of this window


class Room:
    """A wizard, the person before it, and what came of it."""

    def __init__(self, stage: Stage, accounts: Accounts) -> None:
        self.accounts = accounts
        self.opened: list[str] = []
        self.crashed: list[CommandCrashed] = []
        store = Store()
        store.listen(lambda fact: self.crashed.append(fact) if isinstance(fact, CommandCrashed) else None)
        self.jobs = CommandRunner(store, SystemClock())
        self.wizard = Wizard(stage, Icons(resources() / "icons"), accounts, self.jobs, self.opened.append)
        self.dialog = stage.window.findChildren(SetupWizard)[-1]
        self.person = Person(self.dialog)


def in_qt(stage: Stage, scene: Awaitable[None]) -> None:
    async def run() -> None:
        await scene

    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(stage.app)) as runner:
        runner.run(run())
    gc.collect()  # timers of the loop, or a worker thread of a later test would destroy them


@pytest.fixture
def play(stage: Stage, home: Path) -> Callable[..., Room]:
    """Plays a scene in Qt's loop, in a room whose keyring is found by `find`."""

    def run(scene: Scene, find: Callable[[], Backend] = Kept) -> Room:
        async def whole() -> None:
            async with asyncio.TaskGroup() as group:
                room.jobs.attach(group)
                room.wizard.open()
                await until(room.dialog.isActiveWindow)
                await scene(room)
                await room.jobs.drain()
                room.jobs.close()

        room = Room(stage, Accounts(places(), find))
        in_qt(stage, whole())
        assert room.crashed == []
        return room

    return run


def test_right_values_become_an_account(play: Callable[..., Room], served: Served, home: Path) -> None:
    kept = Kept()

    async def scene(room: Room) -> None:
        person = room.person
        person.fills(served.appid, served.secret, served.url + "/")
        await person.tests()
        assert person.states == dict.fromkeys(ALL, CheckState.PASSED)
        assert person.warning == ""
        assert person.choices() == [] or not person.agents.isVisible()
        person.clicks("下一步")
        assert room.dialog.step == AGENT
        choices = person.choices()
        assert len(choices) == 9
        assert choices[0] == ("小陈，kf2001@luye，在线", True)
        assert choices[6] == ("孙悦，kf2007@luye，未在线", True)
        assert choices[8] == ("冯蕾，kf2009@luye，未绑定，不可选", False)
        person.picks(8)
        assert (person.agents.agent, person.button("完成").isEnabled()) == ("", False)
        person.picks(0)
        person.clicks("完成")
        await until(lambda: room.opened, "the account")
        assert not room.dialog.isVisible()

    room = play(scene, lambda: kept)
    assert room.opened == [APPID]
    assert kept.passwords == {("kefu-desk", APPID): SECRET}
    saved = load_profile(home / "config" / "profiles", APPID)
    assert saved == Profile(APPID, "鹿野生活馆", APPID, AgentId("kf2001@luye"), "小陈", served.url)
    assert SECRET.encode() not in bytes_below(home)
    assert room.wizard._trial is None
    assert room.person.field("secret").text() == ""


def test_a_wrong_secret_is_told_and_entered_again(play: Callable[..., Room], served: Served) -> None:
    async def scene(room: Room) -> None:
        person = room.person
        person.fills(served.appid, WRONG, served.url)
        await person.tests()
        assert person.failed.row.key == "token"
        assert person.reason == "AppSecret 不正确，请重新输入"
        assert person.failed.accessibleName() == "获取令牌，未通过，40125，AppSecret 不正确，请重新输入"
        assert person.states["agents"] is CheckState.WAITING
        assert not person.button("下一步").isEnabled()
        person.clicks("重新输入")
        assert (room.dialog.step, person.field("secret").hasFocus()) == (CREDENTIALS, True)
        person.types("secret", served.secret)
        await person.tests()
        assert person.states == dict.fromkeys(ALL, CheckState.PASSED)

    play(scene)


def test_a_refused_address_can_be_copied(play: Callable[..., Room], served: Served) -> None:
    served.chaos(token="40164")

    async def scene(room: Room) -> None:
        person = room.person
        person.fills(served.appid, served.secret, served.url)
        await person.tests()
        assert person.failed.row.key == "token"
        assert person.reason == "此电脑的出口 IP 127.0.0.1 不在白名单，请管理员在公众平台添加"
        copy = person.button("复制 IP", person.failed)
        assert isinstance(copy, CopyButton)
        copy.click()
        assert QGuiApplication.clipboard().text() == "127.0.0.1"
        served.chaos()
        person.clicks("重新测试", person.footer)
        await person.tested()
        assert person.states == dict.fromkeys(ALL, CheckState.PASSED)

    play(scene)


class Portal(http.server.BaseHTTPRequestHandler):
    """A hotel's page instead of WeChat."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"<html><body>Please sign in, access_token=none</body></html>")

    do_POST = do_GET  # noqa: N815  the server's name

    def log_message(self, *words: object) -> None:
        """Says nothing."""


class Broken(Portal):
    status = 503


@pytest.fixture
def portals() -> Iterator[dict[str, str]]:
    """Addresses at which something other than WeChat is, or nothing."""
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) for kind in (Portal, Broken)]
    threads = [threading.Thread(target=s.serve_forever, args=(0.02,)) for s in servers]
    for thread in threads:
        thread.start()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, and nobody listens
        html, broken = (f"http://127.0.0.1:{s.server_address[1]}" for s in servers)
        yield {
            "closed": f"http://127.0.0.1:{closed.getsockname()[1]}",
            "unknown": "https://no-such-host.invalid",
            "html": html,
            "503": broken,
            "tls": html.replace("http:", "https:"),
        }
    for server in servers:
        server.shutdown()
        server.server_close()
    for thread in threads:
        thread.join()


def test_what_is_wrong_with_the_way_is_told_each_in_its_own_words(
    play: Callable[..., Room], served: Served, portals: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kefu_desk.wechat.transport.BACKOFF_SECONDS", 0.0)
    expected = {
        "closed": "服务器拒绝连接，请检查接口地址和防火墙",
        "unknown": "找不到服务器，请检查网络和接口地址",
        "html": "这个地址有答复，但不是微信。请检查接口地址，或先在浏览器里登录网络",
        "503": "服务器答复了 HTTP 503，不是微信的正常答复",
        "tls": "无法确认服务器的身份，已停止连接。请检查电脑时间，或联系网络管理员",
    }

    async def scene(room: Room) -> None:
        person = room.person
        told = {}
        for case, address in portals.items():
            person.fills(served.appid, served.secret, address)
            await person.tests()
            assert person.failed.row.key == "network"
            assert not person.failed._value.isVisible()
            assert person.button("重新测试", person.failed).isEnabled()
            told[case] = person.reason
            person.clicks("上一步")
        assert told == expected
        person.types("base", served.url)
        await person.tests()
        assert person.states == dict.fromkeys(ALL, CheckState.PASSED)

    play(scene)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("base", "https://ho$t.example", "请填写 https:// 开头的地址,不含用户名和参数"),
        ("base", "https://two words.example", "请填写 https:// 开头的地址,不含用户名和参数"),
        ("appid", "wx6D1F0C83B5A2E974", "AppID 由 wx 和 16 位十六进制字符组成,请从公众平台复制"),
        ("appid", "wxzzzzzzzzzzzzzzzz", "AppID 由 wx 和 16 位十六进制字符组成,请从公众平台复制"),
        ("title", "店" * 61, "请填写一行文字,最多 60 个字符"),
    ],
    ids=["host", "space", "capitals", "no digits", "long title"],
)
def test_what_no_profile_can_hold_is_told_before_any_test(
    play: Callable[..., Room], served: Served, name: str, value: str, fault: str
) -> None:
    async def scene(room: Room) -> None:
        person = room.person
        person.fills(served.appid, served.secret, served.url)
        person.types(name, value)
        calls = served.get("calls")["count"]
        person.clicks("开始测试")
        await until(lambda: room.dialog.step == CREDENTIALS)
        assert person.fault(name) == fault
        print(
            "FOCUS", QApplication.focusWidget(), QApplication.activeWindow(), person.field(name).isVisible()
        )
        assert person.field(name).hasFocus()
        assert served.get("calls")["count"] == calls
        person.fills(served.appid, served.secret, served.url)
        await person.tests()
        assert person.states == dict.fromkeys(ALL, CheckState.PASSED)

    play(scene)


def test_without_a_keyring_it_warns_and_keeps_the_secret_in_memory(
    play: Callable[..., Room], served: Served, home: Path
) -> None:
    async def scene(room: Room) -> None:
        person = room.person
        person.fills(served.appid, served.secret, served.url)
        await person.tests()
        assert person.states == {**dict.fromkeys(ALL, CheckState.PASSED), "keyring": CheckState.WARNED}
        assert person.warning == "系统密钥环不可用,密钥仅保留到退出"
        person.clicks("下一步")
        person.picks(0)
        person.clicks("完成")
        await until(lambda: room.opened)
        connection = await room.accounts.connection(APPID)
        assert (connection.reveal(), connection.vault) == (SECRET, Vault.MEMORY)

    room = play(scene, missing)
    assert SECRET.encode() not in bytes_below(home)
    assert room.wizard._trial is None
    assert room.person.field("secret").text() == ""


def test_f_k01_a_locked_keyring_is_told_and_tried_again(play: Callable[..., Room], served: Served) -> None:
    kept = Kept()
    kept.locked = True

    async def scene(room: Room) -> None:
        person = room.person
        person.fills(served.appid, served.secret, served.url)
        await person.tests()
        assert person.states["keyring"] is CheckState.WARNED
        assert person.warning == "系统密钥环已锁定。请解锁后重试"
        kept.locked = False
        person.clicks("重新测试", person.footer)
        await person.tested()
        assert person.states["keyring"] is CheckState.PASSED
        assert person.warning == ""

    play(scene, lambda: kept)


def test_f_k04_a_keyring_that_waits_never_stops_the_window(play: Callable[..., Room], served: Served) -> None:
    kept = Kept()
    kept.gate.clear()

    async def scene(room: Room) -> None:
        person = room.person
        person.fills(served.appid, served.secret, served.url)
        person.clicks("开始测试")
        await until(lambda: person.states.get("keyring") is CheckState.RUNNING)
        for _ in range(50):
            await asyncio.sleep(0.001)
        assert person.states["keyring"] is CheckState.RUNNING
        person.clicks("停止测试")
        assert person.states["keyring"] is CheckState.WAITING
        kept.gate.set()
        person.clicks("重新测试", person.footer)
        await person.tested()
        person.clicks("下一步")
        person.picks(1)
        kept.gate.clear()
        person.clicks("完成")
        for _ in range(50):
            await asyncio.sleep(0.001)
        assert room.opened == []
        kept.gate.set()
        await until(lambda: room.opened)

    play(scene, lambda: kept)


@pytest.mark.parametrize("way", ["取消", "停止测试", "上一步"])
def test_stopping_in_the_middle_ends_every_call(
    play: Callable[..., Room], served: Served, home: Path, way: str
) -> None:
    served.chaos(reply="slow:20", paths="getkflist", times=1)

    async def scene(room: Room) -> None:
        person = room.person
        person.fills(served.appid, served.secret, served.url)
        person.clicks("开始测试")
        await until(lambda: person.states.get("network") is CheckState.RUNNING)
        assert not person.button("下一步").isEnabled()
        person.clicks(way)
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await room.jobs.drain()
        if way == "取消":
            assert not room.dialog.isVisible()
            room.wizard.open()
            assert person.field("secret").text() == person.field("appid").text() == ""
            assert person.states == {}
        else:
            assert room.dialog.step == (CHECKS if way == "停止测试" else CREDENTIALS)
            assert set(person.states.values()) == {CheckState.WAITING}
        assert SECRET not in repr(vars(room.wizard))
        assert room.wizard._trial is None

    room = play(scene)
    assert room.opened == []
    assert not (home / "config").exists()


def test_a_secret_entered_again_changes_nothing_else(
    play: Callable[..., Room], served: Served, home: Path
) -> None:
    folder = home / "config" / "profiles"
    before = Profile("shop", "老店", APPID, AgentId("kf2003@luye"), "小李", served.url, poll_seconds=5.0)
    save_profile(folder, before)
    kept = Kept()

    async def scene(room: Room) -> None:
        await room.accounts.remember(last_profile="shop")
        await room.wizard.open_again()
        person = room.person
        assert [person.field(n).text() for n in ("title", "appid", "secret", "base")] == [
            "老店", APPID, "", served.url,
        ]  # fmt: skip
        person.types("secret", served.secret)
        await person.tests()
        person.clicks("下一步")
        person.picks(2)
        person.clicks("完成")
        await until(lambda: room.opened)

    room = play(scene, lambda: kept)
    assert room.opened == ["shop"]
    assert [path.name for path in folder.iterdir()] == ["shop.toml"]
    assert load_profile(folder, "shop") == before
    assert kept.passwords == {("kefu-desk", "shop"): SECRET}


def test_a_damaged_last_profile_does_not_keep_the_wizard_shut(play: Callable[..., Room], home: Path) -> None:
    folder = home / "config" / "profiles"
    folder.mkdir(parents=True)
    (folder / "shop.toml").write_text("= damaged")

    async def scene(room: Room) -> None:
        await room.accounts.remember(last_profile="shop")
        await room.wizard.open_again()
        assert room.dialog.isVisible()
        assert room.person.field("appid").text() == ""

    play(scene)


def test_a_disk_that_refuses_brings_the_wizard_back(
    play: Callable[..., Room], served: Served, home: Path
) -> None:
    async def scene(room: Room) -> None:
        person = room.person
        person.fills(served.appid, served.secret, served.url)
        await person.tests()
        person.clicks("下一步")
        person.picks(0)
        home.mkdir(parents=True)  # noqa: ASYNC240  a test may wait for its disk
        (home / "config").write_text("a file where the folder should be")
        person.clicks("完成")
        await until(lambda: room.dialog.isVisible() and room.dialog.step == CREDENTIALS)
        assert person.fault("title").startswith("无法写入设置文件")
        assert person.field("appid").text() == APPID
        assert person.field("secret").text() == ""

    assert play(scene).opened == []


def conducted(stage: Stage, scene: Callable[[Conductor], Awaitable[None]]) -> None:
    """The whole program in Qt's loop, with a person before it, until the window is closed."""

    async def run() -> None:
        conductor = Conductor(stage, Start(language="zh_CN", theme="light"), places())
        async with asyncio.TaskGroup() as group:
            program = group.create_task(conductor.run())
            await scene(conductor)
            stage.window.closeRequested.emit()
            async with asyncio.timeout(15):
                assert await program == 0
        from kefu_desk.app.crash import disarm_deadline

        disarm_deadline()

    in_qt(stage, run())


async def added(stage: Stage, served: Served) -> None:
    """From the welcome page to an open desk."""
    await until(stage.window.welcome.isVisible)
    stage.window.welcome.addAccountRequested.emit()
    await until(lambda: stage.window.findChildren(SetupWizard))
    person = Person(stage.window.findChildren(SetupWizard)[-1])
    await until(person.dialog.isVisible)
    person.fills(served.appid, served.secret, served.url)
    await person.tests()
    person.clicks("下一步")
    person.picks(0)
    person.clicks("完成")
    await until(lambda: not stage.window.welcome.isVisible(), "the desk")
    await until(lambda: served.get("calls")["count"] > 10, "calls of the desk")


def test_the_desk_opens_with_the_secret_in_memory(stage: Stage, served: Served, home: Path) -> None:
    async def scene(conductor: Conductor) -> None:
        await added(stage, served)

    conducted(stage, scene)
    assert (home / "data" / "profiles" / APPID / "outbox.db").is_file()
    assert SECRET.encode() not in bytes_below(home)


@pytest.mark.keyring
def test_the_desk_opens_with_the_secret_in_the_real_keyring(
    real_backend: Backend, stage: Stage, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("KEFU_DESK_HOME", str(home))
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"]

    async def scene(conductor: Conductor) -> None:
        await added(stage, served)

    async def again() -> None:
        accounts = Accounts(places())
        connection = await accounts.connection(APPID)
        assert (connection.reveal(), connection.vault) == (SECRET, Vault.KEYRING)
        async with open_desk(connection, places().of_profile(APPID)):
            pass

    conducted(stage, scene)
    assert real_backend.get_password("kefu-desk", APPID) == SECRET
    assert SECRET.encode() not in bytes_below(home)
    asyncio.run(again())
    real_backend.delete_password("kefu-desk", APPID)


def test_a_trial_shows_no_secret() -> None:
    from kefu_desk.app.wizard import Trial

    assert SECRET not in repr(Trial("店", APPID, "https://api.weixin.qq.com", Secret(SECRET)))
