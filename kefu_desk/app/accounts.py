"""The accounts of this computer: profiles on disk and their secrets in the vault."""

import asyncio
from dataclasses import replace

from kefu_desk.app.compose import Connection
from kefu_desk.app.paths import Places
from kefu_desk.domain.facts import Vault as VaultFact
from kefu_desk.domain.failure import Action, Category, DeskError, Failure
from kefu_desk.domain.text import text
from kefu_desk.profiles.files import (
    Settings,
    list_profiles,
    load_profile,
    load_settings,
    save_profile,
    save_settings,
)
from kefu_desk.profiles.model import Profile
from kefu_desk.profiles.secrets import MemoryVault, OpenedVault, Secret, Vault, open_vault


class Accounts:
    """Reads and writes off the event loop; the vault is opened when it is first needed."""

    def __init__(self, home: Places) -> None:
        self._home = home
        self._settings_file = home.config / "settings.toml"
        self._opened: OpenedVault | None = None
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

    async def vault(self) -> Vault:
        """The keyring, or the memory of this process when there is none."""
        if self._opened is None:
            self._opened = await open_vault()
        return self._opened.vault

    async def vault_kind(self) -> VaultFact:
        """Where secrets are kept."""
        return (await self.vault()).kind

    async def add(self, profile: Profile, secret: Secret) -> None:
        """Stores a profile, and its secret in the vault; a keyring that refuses gives way to the memory.

        Raises:
            DeskError: when the profile cannot be written.
        """
        vault = await self.vault()
        try:
            await vault.set(profile.name, secret)
        except DeskError as error:
            memory = MemoryVault()
            await memory.set(profile.name, secret)
            self._opened = OpenedVault(memory, error.failure)
        await asyncio.to_thread(save_profile, self._home.profiles, profile)
        await self.remember(last_profile=profile.name)

    async def connection(self, name: str, typed: Secret | None = None) -> Connection:
        """How to reach the account of a profile; `typed` stands in for a secret that is not stored.

        Raises:
            DeskError: when the profile cannot be read or no secret is known.
        """
        profile = await self.profile(name)
        secret = typed if typed is not None else await self.secret(name)
        if secret is None:
            raise DeskError(
                Failure(Category.CREDENTIALS, text("failure.secret.missing", account=profile.title),
                        action=Action.REENTER_SECRET)
            )  # fmt: skip
        return Connection(
            title=profile.title,
            appid=profile.appid,
            agent=profile.agent,
            reveal=secret.reveal,
            base_url=profile.base_url,
            vault=await self.vault_kind(),
        )

    async def secret(self, name: str) -> Secret | None:
        """The stored secret of a profile, or None."""
        try:
            return await (await self.vault()).get(name)
        except DeskError:
            return None
