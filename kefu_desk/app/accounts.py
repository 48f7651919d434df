"""The accounts of this computer: profiles on disk and their secrets in the vault."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

from msgspec import structs

from kefu_desk.app.compose import Connection, to_simulation
from kefu_desk.app.paths import SETTINGS, Places
from kefu_desk.domain.facts import Vault as VaultFact
from kefu_desk.domain.failure import Action, Category, DeskError, Failure
from kefu_desk.domain.limits import ReplyRule
from kefu_desk.domain.text import text
from kefu_desk.profiles.files import (
    Settings,
    list_profiles,
    load_profile,
    load_settings,
    save_profile,
    save_settings,
)
from kefu_desk.profiles.model import LOOPBACK, Profile, problem_of
from kefu_desk.profiles.secrets import Backend, MemoryVault, OpenedVault, Secret, open_vault

STORY = 1
"""The seed of a profile that names a scenario of the simulator."""


class Accounts:
    """Reads and writes off the event loop; the keyring is opened when it is first needed.

    What the keyring refuses to keep stays in the memory of this process. `find` stands in for the search of
    the system's keyring.
    """

    def __init__(self, home: Places, find: Callable[[], Backend] | None = None) -> None:
        self._home = home
        self._settings_file = home.config / SETTINGS
        self._find = find
        self._opened: OpenedVault | None = None
        self._memory = MemoryVault()
        self._write = asyncio.Lock()

    async def settings(self) -> Settings:
        """The settings of the program; those of a fresh one when the file cannot be read."""
        try:
            return await asyncio.to_thread(load_settings, self._settings_file)
        except DeskError:
            return Settings()

    async def remember(self, **values: str) -> None:
        """Changes some settings on disk."""
        async with self._write:
            settings = replace(await self.settings(), **values)  # type: ignore[arg-type]  # StrEnum fields take their words
            await asyncio.to_thread(save_settings, self._settings_file, settings)

    async def proxy_to(self, base_url: str) -> str | None:
        """The proxy on the way to an address; this computer itself is reached without one.

        Raises:
            DeskError: when the setting is no address of a proxy.
        """
        proxy = (await self.settings()).proxy
        _require("proxy", proxy)
        return proxy if proxy and urlsplit(base_url).hostname not in LOOPBACK else None

    async def replying(self, connection: Connection) -> Connection:
        """A connection with the hold and the rule of replies that the settings name.

        Raises:
            DeskError: when the settings cannot be read, or name what cannot be used.
        """
        settings = await asyncio.to_thread(load_settings, self._settings_file)
        rule = settings.reply_rule
        _require("hold_seconds", settings.hold_seconds)
        _require("reply_sends", rule.sends)
        _require("reply_hours", rule.hours)
        return structs.replace(
            connection,
            hold=float(settings.hold_seconds),
            rule=ReplyRule(rule.sends or None, int(rule.hours * 3600)),
        )

    async def all(self) -> tuple[tuple[str, str], ...]:
        """Name and title of every profile."""
        shelf = await asyncio.to_thread(list_profiles, self._home.profiles)
        return tuple((profile.name, profile.title) for profile in shelf.profiles)

    async def last(self) -> Profile | None:
        """The profile that was opened last, if it is still there."""
        name = (await self.settings()).last_profile
        known = [profile for profile, _ in await self.all()]
        return await self.profile(name) if name is not None and name in known else None

    async def profile(self, name: str) -> Profile:
        """The profile of that name.

        Raises:
            DeskError: when its file is missing or damaged.
        """
        return await asyncio.to_thread(load_profile, self._home.profiles, name)

    async def find(self, appid: str) -> Profile | None:
        """The profile of an Official Account, if there is one."""
        shelf = await asyncio.to_thread(list_profiles, self._home.profiles)
        return next((profile for profile in shelf.profiles if profile.appid == appid), None)

    async def try_keyring(self, name: str) -> Failure | None:
        """Asks the keyring for a secret; why it cannot keep one, or None when it can."""
        opened = await self._vault()
        if opened.reason is not None:
            return opened.reason
        try:
            await opened.vault.get(name)
        except DeskError as error:
            return error.failure
        return None

    async def add(self, profile: Profile, secret: Secret) -> None:
        """Stores a profile, and its secret in the keyring; if that refuses, in the memory.

        Raises:
            DeskError: when the profile cannot be written.
        """
        await asyncio.to_thread(save_profile, self._home.profiles, profile)
        opened = await self._vault()
        await self._memory.set(profile.name, secret)
        if opened.reason is None:
            with suppress(DeskError):  # the desk says that the secret is in the memory only
                await opened.vault.set(profile.name, secret)
                await self._memory.delete(profile.name)
        await self.remember(last_profile=profile.name)

    async def connection(self, name: str, typed: Secret | None = None) -> Connection:
        """How to reach the account of a profile; `typed` stands in for a secret that is not stored.

        Raises:
            DeskError: when the profile or the keyring cannot be read, or no secret is known.
        """
        profile = await self.profile(name)
        if profile.simulated:
            return await self.replying(await self._simulated(profile))
        secret, vault = (typed, VaultFact.MEMORY) if typed is not None else await self._secret(name)
        if secret is None:
            raise DeskError(
                Failure(Category.CREDENTIALS, text("failure.secret.missing", account=profile.title),
                        action=Action.REENTER_SECRET)
            )  # fmt: skip
        connection = Connection(
            title=profile.title,
            appid=profile.appid,
            agent=profile.agent,
            reveal=secret.reveal,
            base_url=profile.base_url,
            proxy=await self.proxy_to(profile.base_url),
            vault=vault,
            poll_seconds=profile.poll_seconds,
            session_clock=profile.session_clock,
            role=profile.role,
            history_days=profile.history_days,
        )
        return await self.replying(connection)

    async def _simulated(self, profile: Profile) -> Connection:
        try:
            connection, _ = await asyncio.to_thread(to_simulation, profile.base_url, STORY)
        except ValueError as error:
            fault = text("failure.profile.field", field=text("profile.field.base_url"),
                         reason=text("profile.problem.simulator"))  # fmt: skip
            raise DeskError(Failure(Category.REQUEST, fault, detail=str(error))) from error
        return structs.replace(
            connection,
            title=profile.title,
            agent=profile.agent,
            poll_seconds=profile.poll_seconds,
            session_clock=profile.session_clock,
        )

    async def _secret(self, name: str) -> tuple[Secret | None, VaultFact]:
        kept = await self._memory.get(name)
        if kept is not None:
            return kept, VaultFact.MEMORY
        opened = await self._vault()
        return await opened.vault.get(name), opened.vault.kind

    async def _vault(self) -> OpenedVault:
        if self._opened is None:
            self._opened = await open_vault(self._find)
        return self._opened


def _require(field: str, value: object) -> None:
    """Refuses a setting that cannot be used, by name."""
    problem = problem_of(field, value)
    if problem is not None:
        words = text("failure.profile.field", field=text(f"profile.field.{field}"), reason=problem)
        raise DeskError(Failure(Category.REQUEST, words, detail=SETTINGS, subject=field))
