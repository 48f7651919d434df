import asyncio
import copy
import json
import logging
import os
import pickle
import sys
import threading
import traceback
from pathlib import Path

import pytest
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError, PasswordSetError

from kefu_desk.domain.facts import Vault as VaultKind
from kefu_desk.domain.failure import Category, DeskError
from kefu_desk.profiles.files import Settings, save_profile, save_settings
from kefu_desk.profiles.model import Profile
from kefu_desk.profiles.secrets import (
    LONGEST,
    Backend,
    KeyringVault,
    MemoryVault,
    Secret,
    Vault,
    hardened,
    open_vault,
    safe_backend,
)

CANARY = "5ec2e7c0ffee00112233445566778899"


class Shelf:
    """A store in memory that can fail or block as real ones do."""

    def __init__(self, fault: BaseException | None = None, gate: threading.Event | None = None) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.fault, self.gate = fault, gate

    def _wait(self) -> None:
        if self.gate is not None:
            self.gate.wait(10)
        if self.fault is not None:
            raise self.fault

    def get_password(self, service: str, username: str) -> str | None:
        self._wait()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._wait()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._wait()
        del self.kept[service, username]


async def keep_read_forget(vault: Vault) -> None:
    assert await vault.get("shop") is None
    await vault.set("shop", Secret(CANARY))
    await vault.set("other", Secret("秘密 😀"))
    found = await vault.get("shop")
    assert found is not None
    assert found.reveal() == CANARY
    await vault.set("shop", Secret("new"))
    assert await vault.get("shop") == Secret("new")
    for _ in range(2):
        await vault.delete("shop")
    assert await vault.get("shop") is None
    assert await vault.get("other") == Secret("秘密 😀")
    await vault.delete("other")


async def test_the_memory_keeps_until_exit() -> None:
    assert MemoryVault().kind is VaultKind.MEMORY
    await keep_read_forget(MemoryVault())


async def test_a_keyring_keeps() -> None:
    assert KeyringVault(Shelf()).kind is VaultKind.KEYRING
    await keep_read_forget(KeyringVault(Shelf()))


@pytest.mark.keyring
async def test_the_real_keyring_keeps(real_backend: Backend) -> None:
    await keep_read_forget(KeyringVault(real_backend))


@pytest.mark.keyring
async def test_f_k02_the_real_keyring_is_opened_whatever_the_environment_says(
    real_backend: Backend, tmp_path: Path
) -> None:
    (tmp_path / "python_keyring").mkdir()
    (tmp_path / "python_keyring" / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=keyring.backends.null.Keyring\n"
    )
    null = "keyring.backends.null.Keyring"
    script = f"""
import asyncio
from kefu_desk.profiles.secrets import Secret, open_vault

async def main():
    opened = await open_vault()
    await opened.vault.set("from another process", Secret("{CANARY}"))
    print(opened.vault.kind, opened.reason)

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHON_KEYRING_BACKEND": null, "XDG_CONFIG_HOME": str(tmp_path)},
    )
    output, _ = await process.communicate()
    assert output.decode().split() == ["keyring", "None"]
    vault = KeyringVault(real_backend)
    assert await vault.get("from another process") == Secret(CANARY)
    await vault.delete("from another process")


@pytest.mark.keyring
async def test_another_process_finds_the_secret(real_backend: Backend) -> None:
    vault = KeyringVault(real_backend)
    await vault.set("shop", Secret(CANARY))
    script = "import keyring; print(keyring.get_password('kefu-desk', 'shop'))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    await vault.delete("shop")
    assert output.decode().strip() == CANARY


async def test_f_k02_without_a_secret_service_it_is_the_memory_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for address in ("unix:path=/nonexistent", f"unix:path={tmp_path}/bus", "nonsense"):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        opened = await open_vault(lambda: safe_backend("linux"))
        assert opened.vault.kind is VaultKind.MEMORY
        assert opened.reason is not None
        assert opened.reason.category is Category.KEYRING
        assert opened.reason.text.key == "failure.keyring.missing"
        await keep_read_forget(opened.vault)


async def test_on_an_unknown_platform_it_is_the_memory() -> None:
    opened = await open_vault(lambda: safe_backend("plan9"))
    assert (opened.vault.kind, opened.reason is None) == (VaultKind.MEMORY, False)


def test_the_properties_of_the_environment_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_SCHEME", "KeePassXC")
    monkeypatch.setenv("KEYRING_PROPERTY_GET_PASSWORD", "replaced")
    shelf = Shelf()
    vars(shelf).update(scheme="KeePassXC", get_password="replaced")
    assert set(vars(hardened(shelf))) == {"kept", "fault", "gate"}


def test_the_entry_of_windows_stays_on_this_machine() -> None:
    class Windows(Shelf):
        persist = "enterprise"

    assert vars(hardened(Windows()))["persist"] == "local machine"


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (KeyringLocked(CANARY), "locked"),
        (InitError(CANARY), "locked"),
        (NoKeyringError(CANARY), "missing"),
        (PasswordSetError(CANARY), "refused"),
        (KeyringError(CANARY), "refused"),
        (ConnectionResetError(CANARY), "refused"),
        (TimeoutError(CANARY), "refused"),
        (EOFError(CANARY), "refused"),
    ],
)
async def test_f_k03_every_fault_of_a_store_has_its_words_and_hides_its_own(
    fault: BaseException, key: str
) -> None:
    vault = KeyringVault(Shelf(fault))
    for call in (vault.get("shop"), vault.set("shop", Secret(CANARY)), vault.delete("shop")):
        with pytest.raises(DeskError) as caught:
            await call
        failure = caught.value.failure
        assert (failure.category, failure.text.key) == (Category.KEYRING, f"failure.keyring.{key}")
        assert failure.detail == type(fault).__name__
        assert CANARY not in "".join(traceback.format_exception(caught.value))


async def test_f_k04_a_store_that_asks_for_ever_is_given_up() -> None:
    gate = threading.Event()
    vault = KeyringVault(Shelf(gate=gate), limit=0.05)
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    async with asyncio.TaskGroup() as group:
        beating = group.create_task(beat())
        with pytest.raises(DeskError) as caught:
            await vault.get("shop")
        beating.cancel()
    assert caught.value.failure.text.key == "failure.keyring.slow"
    assert beats > 0
    (left,) = [thread for thread in threading.enumerate() if thread.name == "keyring"]
    assert left.daemon
    gate.set()
    await asyncio.to_thread(left.join)


async def test_a_search_for_a_store_that_blocks_ends_with_the_memory() -> None:
    gate = threading.Event()

    def find() -> Backend:
        gate.wait(10)
        return Shelf()

    opened = await open_vault(find, limit=0.05)
    gate.set()
    assert opened.vault.kind is VaultKind.MEMORY
    assert opened.reason is not None
    assert opened.reason.text.key == "failure.keyring.slow"


async def test_f_k05_a_secret_that_one_system_cannot_keep_is_refused_by_all() -> None:
    vault = KeyringVault(Shelf())
    await vault.set("shop", Secret("x" * LONGEST))
    with pytest.raises(DeskError) as caught:
        await vault.set("shop", Secret("x" * (LONGEST + 1)))
    assert caught.value.failure.text.key == "failure.keyring.long"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_fault_of_ours_comes_out_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        await KeyringVault(Shelf(ZeroDivisionError())).get("shop")
    for thread in [thread for thread in threading.enumerate() if thread.name == "keyring"]:
        await asyncio.to_thread(thread.join)


def test_a_secret_shows_itself_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(CANARY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!s:>9}", f"{[secret]} {secret!a}"]
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").info("the secret is %s %r", secret, {"s": secret})
    shown.append(caplog.text)
    shown += [json.dumps(secret, default=repr), repr(dir(secret))]
    assert CANARY not in "".join(shown)
    for take in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, vars):
        with pytest.raises(TypeError):
            take(secret)


def test_secrets_can_be_compared() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


@pytest.mark.keyring
async def test_no_file_holds_the_secret(real_backend: Backend, tmp_path: Path) -> None:
    profile = Profile(name="shop", title="x", appid="wx0123456789abcdef", agent="a@b")
    save_profile(tmp_path, profile)
    save_settings(tmp_path / "settings.toml", Settings(last_profile="shop"))
    vault = KeyringVault(real_backend)
    await vault.set(profile.appid, Secret(CANARY))
    found = await vault.get(profile.appid)
    await vault.delete(profile.appid)
    assert found == Secret(CANARY)
    written = contents(tmp_path)
    assert len(written) == 2
    assert not [body for body in written if CANARY.encode() in body]


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
