"""Windows on the X screen, with the simulator inside them or beside them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kefu_desk.domain.ids import AgentId
from kefu_desk.profiles.files import Settings, save_profile, save_settings
from kefu_desk.profiles.model import Profile
from tests.e2e.screen import Screen
from tests.e2e.shop import InProcess, Server, Shop
from tests.e2e.window import Window

Open = Callable[..., Window]


@dataclass
class Desk:
    """A window in which a desk has read everything once, and the shop at its other end."""

    window: Window
    shop: Shop

    def refresh(self) -> None:
        """Asks for fresh data with the key for it, rather than wait for the next reading."""
        self.window.press("F5")


@pytest.fixture
def open_window(tmp_path: Path) -> Iterator[Open]:
    """Starts windows, and sees at the end that they wrote nothing alarming."""
    opened: list[Window] = []

    def start(*arguments: str, home: Path | None = None, secret_file: Path | str = "-") -> Window:
        window = Window(home or tmp_path / "home", *arguments, secret_file=secret_file)
        opened.append(window)
        return window

    try:
        yield start
        alive = [window for window in opened if window.process.poll() is None]
        codes = [window.close() for window in alive]
        assert codes == [0] * len(alive)
        assert [window.errors() for window in opened] == [""] * len(opened)
    finally:
        for window in opened:
            window.kill()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A simulator in a process of its own."""
    server = Server(tmp_path / "simulator")
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.fixture
def open_inside(open_window: Open, tmp_path: Path) -> Callable[..., Desk]:
    """Opens the window on the quiet simulator in the same process; a sent line is not held unless told."""

    def start(*arguments: str, hold: float = 0.0) -> Desk:
        save_settings(tmp_path / "home" / "config" / "settings.toml", Settings(hold_seconds=hold))
        window = open_window("demo", "--scenario", "quiet", "--lang", "zh_CN", "--theme", "light", *arguments)
        return ready(window, InProcess(window))

    return start


@pytest.fixture
def open_beside(open_window: Open, tmp_path: Path) -> Callable[[Server], Desk]:
    """Opens the window on a profile whose base URL is a simulator in another process; nothing is held."""

    def start(server: Server) -> Desk:
        home, secret_file = tmp_path / "home", tmp_path / "secrets.json"
        home.mkdir(exist_ok=True)
        profile = Profile(
            server.appid,
            "鹿野生活馆",
            server.appid,
            AgentId(server.agent),
            base_url=server.url,
            poll_seconds=1.0,
        )
        save_profile(home / "config" / "profiles", profile)
        save_settings(home / "config" / "settings.toml", Settings(last_profile=profile.name, hold_seconds=0))
        secret_file.write_text(json.dumps({profile.name: server.secret}), encoding="utf-8")
        window = open_window("gui", "--lang", "zh_CN", "--theme", "light", home=home, secret_file=secret_file)
        return ready(window, server)

    return start


@pytest.fixture(params=["inside", "beside"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """A desk on the simulator, once in this process and once over loopback."""
    if request.param == "inside":
        inside: Desk = request.getfixturevalue("open_inside")()
        return inside
    server = request.getfixturevalue("server")
    beside: Desk = request.getfixturevalue("open_beside")(server)
    return beside


@pytest.fixture
def inside(open_inside: Callable[..., Desk]) -> Desk:
    """A desk on the simulator in its own process."""
    return open_inside()


def ready(window: Window, shop: Shop) -> Desk:
    """Waits until the first reading is on the screen."""

    def read(screen: Screen) -> bool:
        presence = screen.saying("接待状态：在线", "Button")
        return presence is not None and not screen.all(kind="RowsSkeleton")

    window.until("the first reading", read)
    window.activate()
    return Desk(window, shop)
