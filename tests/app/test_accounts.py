"""Accounts on disk and their secrets: keyring first, memory where it refuses, never a file."""

import asyncio
import threading
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from kefu_desk.app.accounts import Accounts
from kefu_desk.app.paths import Places, places
from kefu_desk.domain.agents import Role
from kefu_desk.domain.facts import Vault
from kefu_desk.domain.failure import Action, Category, DeskError, Failure
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.text import text
from kefu_desk.profiles.model import Profile
from kefu_desk.profiles.secrets import Backend, Secret
from tests.app.program import APPID, SECRET, WRONG, bytes_below

SHOP = Profile(APPID, "鹿野生活馆", APPID, AgentId("kf2001@luye"))
CAFE = Profile("cafe", "路口咖啡", "wx0123456789abcdef", AgentId("kf1@cafe"))


class Kept:
    """A keyring of this test that can be locked and blocked."""

    def __init__(self) -> None:
        self.passwords: dict[tuple[str, str], str] = {}
        self.locked = False
        self.gate = threading.Event()
        self.gate.set()

    def _open(self) -> None:
        self.gate.wait(20)
        if self.locked:
            raise KeyringLocked("the person said no to " + SECRET)

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        del self.passwords[service, username]


def missing() -> Backend:
    raise DeskError(Failure(Category.KEYRING, text("failure.keyring.missing")))


@pytest.fixture
def where(home: Path) -> Places:
    return places()


async def test_a_secret_is_kept_in_the_keyring_and_nowhere_else(where: Places, home: Path) -> None:
    kept = Kept()
    accounts = Accounts(where, lambda: kept)
    assert await accounts.try_keyring(SHOP.name) is None
    await accounts.add(SHOP, Secret(SECRET))
    assert kept.passwords == {("kefu-desk", APPID): SECRET}
    assert SECRET.encode() not in bytes_below(home)
    again = Accounts(where, lambda: kept)
    connection = await again.connection(APPID)
    assert (connection.reveal(), connection.vault) == (SECRET, Vault.KEYRING)
    assert (connection.title, connection.agent) == (SHOP.title, SHOP.agent)
    assert (connection.role, connection.history_days) == (Role.AGENT, 30)
    assert await again.last() == SHOP
    assert await again.all() == ((APPID, "鹿野生活馆"),)
    assert await again.find(APPID) == SHOP
    assert await again.find("wx" + "f" * 16) is None


async def test_f_k02_without_a_keyring_the_secret_lasts_as_long_as_the_program(
    where: Places, home: Path
) -> None:
    accounts = Accounts(where, missing)
    refusal = await accounts.try_keyring(SHOP.name)
    assert refusal is not None
    assert refusal.text.key == "failure.keyring.missing"
    await accounts.add(SHOP, Secret(SECRET))
    connection = await accounts.connection(APPID)
    assert (connection.reveal(), connection.vault) == (SECRET, Vault.MEMORY)
    assert SECRET.encode() not in bytes_below(home)
    with pytest.raises(DeskError) as caught:
        await Accounts(where, missing).connection(APPID)
    assert caught.value.failure.action is Action.REENTER_SECRET


async def test_f_k01_a_locked_keyring_refuses_one_secret_and_gives_the_others(where: Places) -> None:
    kept = Kept()
    accounts = Accounts(where, lambda: kept)
    await accounts.add(CAFE, Secret(WRONG))
    kept.locked = True
    refusal = await accounts.try_keyring(SHOP.name)
    assert refusal is not None
    assert refusal.text.key == "failure.keyring.locked"
    assert SECRET not in repr(refusal)
    await accounts.add(SHOP, Secret(SECRET))
    assert (await accounts.connection(APPID)).vault is Vault.MEMORY
    with pytest.raises(DeskError) as caught:
        await accounts.connection("cafe")
    assert caught.value.failure.text.key == "failure.keyring.locked"
    kept.locked = False
    assert (await accounts.connection("cafe")).reveal() == WRONG
    await accounts.add(SHOP, Secret(SECRET))
    assert (await accounts.connection(APPID)).vault is Vault.KEYRING


async def test_f_k03_a_secret_deleted_meanwhile_lasts_until_the_end(where: Places) -> None:
    kept = Kept()
    accounts = Accounts(where, lambda: kept)
    await accounts.add(SHOP, Secret(SECRET))
    connection = await accounts.connection(APPID)
    kept.passwords.clear()
    assert connection.reveal() == SECRET
    with pytest.raises(DeskError) as caught:
        await Accounts(where, lambda: kept).connection(APPID)
    assert caught.value.failure.text.key == "failure.secret.missing"
    assert caught.value.failure.action is Action.REENTER_SECRET


async def test_f_k06_a_rotated_secret_is_entered_again_and_kept(where: Places) -> None:
    """What the desk does until then is F-E07."""
    kept = Kept()
    accounts = Accounts(where, lambda: kept)
    await accounts.add(SHOP, Secret(WRONG))
    assert (await accounts.connection(APPID)).reveal() == WRONG
    await accounts.add(SHOP, Secret(SECRET))
    assert (await Accounts(where, lambda: kept).connection(APPID)).reveal() == SECRET
    assert list(kept.passwords.values()) == [SECRET]


async def test_a_new_secret_takes_the_place_of_the_old_one(where: Places) -> None:
    kept = Kept()
    accounts = Accounts(where, lambda: kept)
    await accounts.add(SHOP, Secret(WRONG))
    kept.locked = True
    await accounts.add(SHOP, Secret(SECRET))
    kept.locked = False
    assert (await accounts.connection(APPID)).reveal() == SECRET


async def test_the_loop_runs_on_while_the_keyring_waits_for_a_person(where: Places) -> None:
    kept = Kept()
    accounts = Accounts(where, lambda: kept)
    kept.gate.clear()
    ticks = 0
    async with asyncio.TaskGroup() as group:
        adding = group.create_task(accounts.add(SHOP, Secret(SECRET)))
        while ticks < 50:
            await asyncio.sleep(0.001)
            ticks += 1
        assert not adding.done()
        assert (await accounts.all())[0][0] == APPID
        kept.gate.set()
    assert kept.passwords == {("kefu-desk", APPID): SECRET}


async def test_a_profile_that_cannot_be_written_leaves_no_secret_behind(where: Places) -> None:
    kept = Kept()
    accounts = Accounts(where, lambda: kept)
    where.config.parent.mkdir(parents=True)
    where.config.write_text("a file where the folder should be")
    with pytest.raises(DeskError) as caught:
        await accounts.add(SHOP, Secret(SECRET))
    assert caught.value.failure.category is Category.STORAGE
    assert kept.passwords == {}


async def test_the_proxy_of_the_settings_leads_to_wechat_but_not_to_this_computer(where: Places) -> None:
    accounts = Accounts(where, Kept)
    assert await accounts.proxy_to("https://api.weixin.qq.com") is None
    where.config.mkdir(parents=True, exist_ok=True)
    (where.config / "settings.toml").write_text('proxy = "http://192.0.2.7:3128"')
    assert await accounts.proxy_to("https://api.weixin.qq.com") == "http://192.0.2.7:3128"
    assert await accounts.proxy_to("http://127.0.0.1:8000") is None
    await accounts.add(CAFE, Secret(SECRET))
    assert (await accounts.connection("cafe")).proxy == "http://192.0.2.7:3128"
    await accounts.remember(theme="dark")
    assert (await accounts.settings()).proxy == "http://192.0.2.7:3128"


@pytest.mark.parametrize(
    "wrong", ["192.0.2.7:3128", "socks5://h:1", "http://", "http://u:p@h:1", "http://h:x"]
)
async def test_a_proxy_that_cannot_be_one_is_told(where: Places, wrong: str) -> None:
    where.config.mkdir(parents=True, exist_ok=True)
    (where.config / "settings.toml").write_text(f'proxy = "{wrong}"')
    with pytest.raises(DeskError) as told:
        await Accounts(where, Kept).proxy_to("https://api.weixin.qq.com")
    assert told.value.failure.subject == "proxy"


async def test_settings_are_remembered_one_after_the_other(where: Places) -> None:
    accounts = Accounts(where, missing)
    async with asyncio.TaskGroup() as group:
        group.create_task(accounts.remember(language="en"))
        group.create_task(accounts.remember(theme="dark"))
        group.create_task(accounts.remember(last_profile="gone"))
    settings = await accounts.settings()
    assert (settings.language, settings.theme, settings.last_profile) == ("en", "dark", "gone")
    assert await accounts.last() is None
    (where.config / "settings.toml").write_text("= damaged")
    assert (await accounts.settings()).last_profile is None


def test_files_are_where_the_system_wants_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KEFU_DESK_HOME", str(tmp_path))
    assert places() == Places(tmp_path / "config", tmp_path / "data", tmp_path / "logs")
    monkeypatch.delenv("KEFU_DESK_HOME")
    own = places()
    assert own.profiles == own.config / "profiles"
    assert own.of_profile("shop") == own.data / "profiles" / "shop"
    assert all("kefu-desk" in str(folder) for folder in (own.config, own.data, own.logs))
