"""The AppSecret: where it is kept, and a wrapping that shows itself to nobody."""

import asyncio
import hmac
import importlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NoReturn, Protocol, TypeVar

from kefu_desk.domain.facts import Vault as VaultKind
from kefu_desk.domain.failure import Action, Category, DeskError, Failure
from kefu_desk.domain.text import text

T = TypeVar("T")
SERVICE = "kefu-desk"
LIMIT_SECONDS = 30.0
LONGEST = 1280
"""Windows keeps 2,560 bytes an entry, and two bytes a character."""

SAFE_BACKENDS = {
    "linux": (("keyring.backends.SecretService", "Keyring"), ("keyring.backends.kwallet", "DBusKeyring")),
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
}
"""The stores that encrypt, by platform. No other is ever used, whatever environment or keyringrc.cfg say."""

FOREIGN_ERRORS = (
    ("keyring.errors", "KeyringError"),
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("dbus.exceptions", "DBusException"),
    ("win32ctypes.pywin32.pywintypes", "error"),
)
"""What stores raise besides OSError."""

PHRASES = {
    "KeyringLocked": "failure.keyring.locked",
    "InitError": "failure.keyring.locked",
    "LockedException": "failure.keyring.locked",
    "PromptDismissedException": "failure.keyring.locked",
    "NoKeyringError": "failure.keyring.missing",
    "SecretServiceNotAvailableException": "failure.keyring.missing",
}


class Secret:
    """A value that no log, message, traceback, pickle or copy shows; only `reveal` does."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self.__value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return hash(Secret)

    def __repr__(self) -> str:
        return "Secret(•••)"

    def __str__(self) -> str:
        return "•••"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is neither pickled nor copied")


class Vault(Protocol):
    """Keeps secrets by name. Every method raises only `DeskError` with category KEYRING."""

    @property
    def kind(self) -> VaultKind:
        """Where the secrets are kept."""

    async def get(self, name: str) -> Secret | None:
        """The secret of that name, or None."""

    async def set(self, name: str, secret: Secret) -> None:
        """Keeps a secret in place of an earlier one."""

    async def delete(self, name: str) -> None:
        """Forgets a secret; harmless when there is none."""


class Backend(Protocol):
    """The part of a keyring store that is used; it may block for ever in a question to the person."""

    def get_password(self, service: str, username: str) -> str | None:
        """The stored password, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Stores a password."""

    def delete_password(self, service: str, username: str) -> None:
        """Deletes a password that exists."""


class MemoryVault:
    """Keeps secrets until the program ends."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    @property
    def kind(self) -> VaultKind:
        """Always memory."""
        return VaultKind.MEMORY

    async def get(self, name: str) -> Secret | None:
        """The secret of that name, or None."""
        return self._secrets.get(name)

    async def set(self, name: str, secret: Secret) -> None:
        """Keeps a secret in place of an earlier one."""
        self._secrets[name] = secret

    async def delete(self, name: str) -> None:
        """Forgets a secret; harmless when there is none."""
        self._secrets.pop(name, None)


class KeyringVault:
    """Keeps secrets in the keyring of the system; a call that takes longer than the limit is given up."""

    def __init__(self, backend: Backend, *, limit: float = LIMIT_SECONDS) -> None:
        self._backend = backend
        self._limit = limit

    @property
    def kind(self) -> VaultKind:
        """Always keyring."""
        return VaultKind.KEYRING

    async def get(self, name: str) -> Secret | None:
        """The secret of that name, or None."""
        found = await in_thread(lambda: self._backend.get_password(SERVICE, name), self._limit)
        return None if found is None else Secret(found)

    async def set(self, name: str, secret: Secret) -> None:
        """Keeps a secret in place of an earlier one."""
        if len(secret.reveal()) > LONGEST:
            raise DeskError(keyring_failure("failure.keyring.long", f"longer than {LONGEST}"))
        await in_thread(lambda: self._backend.set_password(SERVICE, name, secret.reveal()), self._limit)

    async def delete(self, name: str) -> None:
        """Forgets a secret; harmless when there is none."""

        def job() -> None:
            if self._backend.get_password(SERVICE, name) is not None:
                self._backend.delete_password(SERVICE, name)

        await in_thread(job, self._limit)


@dataclass(frozen=True, slots=True)
class OpenedVault:
    """The vault to use, and why it is only the memory when it is."""

    vault: Vault
    reason: Failure | None


async def open_vault(
    find: "Callable[[], Backend] | None" = None, *, limit: float = LIMIT_SECONDS
) -> OpenedVault:
    """The system's keyring when there is a safe one, else the memory of this process with the reason.

    A keyring that turns out to be locked raises at `set`; the caller then goes on with a `MemoryVault`.
    """
    try:
        return OpenedVault(KeyringVault(await in_thread(find or safe_backend, limit), limit=limit), None)
    except DeskError as error:
        return OpenedVault(MemoryVault(), error.failure)


def safe_backend(platform: str = sys.platform) -> Backend:
    """The encrypting store of this platform; runs in a worker thread, for it asks the D-Bus.

    Raises:
        DeskError: when there is none.
    """
    reasons = []
    for module, name in SAFE_BACKENDS.get(platform, ()):
        kind = getattr(importlib.import_module(module), name)
        try:
            _ = kind.priority  # a store says by raising that it cannot work here
        except (RuntimeError, OSError) as error:
            reasons.append(f"{module}: {type(error).__name__}")
            continue
        return hardened(kind())
    detail = "; ".join(reasons) or f"no safe store is known for {platform}"
    raise DeskError(keyring_failure("failure.keyring.missing", detail))


def hardened(backend: Backend) -> Backend:
    """A store without the properties that the environment may have given it, and bound to this machine."""
    for variable in os.environ:
        prefix, found, name = variable.partition("KEYRING_PROPERTY_")
        if found and not prefix:
            vars(backend).pop(name.lower(), None)
    if hasattr(type(backend), "persist"):  # Windows would copy the entry to other computers of the domain
        backend.persist = "local machine"  # type: ignore[attr-defined]
    if hasattr(type(backend), "keychain"):
        backend.keychain = None  # type: ignore[attr-defined]
    return backend


async def in_thread(job: "Callable[[], T]", limit: float) -> T:
    """Runs a blocking call in a daemon thread of its own and gives it up after `limit` seconds.

    A thread that waits for the person's answer cannot be ended; it is left behind and dies with the program.
    """
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            outcome.set_result(job())
        except DeskError as error:
            outcome.set_exception(error)
        except store_errors() as error:
            outcome.set_exception(DeskError(store_failure(error)))
        except BaseException as error:
            outcome.set_exception(error)
            raise

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        async with asyncio.timeout(limit):
            return await asyncio.wrap_future(outcome)
    except TimeoutError:
        raise DeskError(keyring_failure("failure.keyring.slow", f"no answer in {limit:g} s")) from None


def store_errors() -> tuple[type[BaseException], ...]:
    """What the stores that are loaded may raise."""
    loaded = [(sys.modules[module], name) for module, name in FOREIGN_ERRORS if module in sys.modules]
    return (OSError, EOFError, *(getattr(module, name) for module, name in loaded))


def store_failure(error: BaseException) -> Failure:
    """A fault of a store by its kind; its own words are left out, for they may hold the value."""
    kinds = [kind.__name__ for kind in type(error).__mro__]
    key = next((PHRASES[kind] for kind in kinds if kind in PHRASES), "failure.keyring.refused")
    return keyring_failure(key, type(error).__name__)


def keyring_failure(key: str, detail: str) -> Failure:
    """A fault of the keyring; `detail` never holds a value."""
    return Failure(Category.KEYRING, text(key), detail=detail, action=Action.RETRY)
