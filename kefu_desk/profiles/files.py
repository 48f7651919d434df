"""Profiles and settings as TOML files, written so that a crash leaves the old or the new one."""

import errno
import os
import secrets
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import tomli_w

from kefu_desk.domain.failure import Action, Category, DeskError, Failure
from kefu_desk.domain.text import text
from kefu_desk.profiles.model import Language, Profile, ProfileError, Theme

T = TypeVar("T")
SUFFIX = ".toml"
NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """What a message of a customer allows: `sends` replies (0: not counted) within so many `hours`."""

    sends: int = 5
    hours: float = 48.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What belongs to the program and not to one account.

    `proxy` is the address that all calls go through, or nothing; those of the environment are never used.
    `hold_seconds` is how long a sent line can be undone; 0 sends it at once.
    """

    language: Language = Language.SYSTEM
    theme: Theme = Theme.SYSTEM
    last_profile: str | None = None
    proxy: str = ""
    hold_seconds: float = 3.0
    reply_rule: RuleSettings = RuleSettings()


@dataclass(frozen=True, slots=True)
class Shelf:
    """The profiles of a folder by name, and what is wrong with the files that could not be read."""

    profiles: tuple[Profile, ...]
    damaged: tuple[Failure, ...]


def load_profile(folder: Path, name: str) -> Profile:
    """The profile of that name.

    Raises:
        DeskError: when the file is missing or damaged; its failure names the file.
    """
    path = folder / f"{name}{SUFFIX}"
    table = read(path)
    if table is None:
        raise DeskError(file_failure("failure.profile.missing", path))
    try:
        return converted({**table, "name": name}, Profile, path)
    except ProfileError as error:
        detail = f"{path.name}: {error.failure.detail}"
        raise DeskError(file_failure("failure.profile.damaged", path, detail)) from error


def save_profile(folder: Path, profile: Profile) -> None:
    """Writes the profile to its file for this user only; it is on disk when this returns.

    Raises:
        DeskError: when the file cannot be written; the old one is still there.
    """
    table = asdict(profile)
    del table["name"]
    write(folder / f"{profile.name}{SUFFIX}", table)


def remove_profile(folder: Path, name: str) -> None:
    """Forgets a profile; no fault when there is none."""
    path = folder / f"{name}{SUFFIX}"
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise DeskError(unwritten(path, error)) from error


def list_profiles(folder: Path) -> Shelf:
    """All profiles of a folder; a damaged file hides no other."""
    profiles, damaged = [], []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            profiles.append(load_profile(folder, path.stem))
        except DeskError as error:
            damaged.append(error.failure)
    return Shelf(tuple(profiles), tuple(damaged))


def load_settings(path: Path) -> Settings:
    """The settings of the program; those of a fresh one when there is no file.

    Raises:
        DeskError: when the file is damaged; its failure names the file.
    """
    table = read(path)
    return Settings() if table is None else converted(table, Settings, path)


def save_settings(path: Path, settings: Settings) -> None:
    """Writes the settings; they are on disk when this returns.

    Raises:
        DeskError: when the file cannot be written; the old one is still there.
    """
    write(path, asdict(settings))


def read(path: Path) -> dict[str, Any] | None:
    """The table of a file, or None when there is no file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The words of the parser may quote the file, where somebody may have put a secret by hand.
        detail = f"{path.name}: {type(error).__name__}"
        raise DeskError(file_failure("failure.profile.damaged", path, detail)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DeskError(file_failure("failure.profile.unreadable", path, f"{path}: {reason}")) from error


def converted(table: dict[str, Any], kind: type[T], path: Path) -> T:
    """A table as a value; fields of another version are passed over."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        detail = f"{path.name}: {error}"
        raise DeskError(file_failure("failure.profile.damaged", path, detail)) from error


def write(path: Path, table: dict[str, Any]) -> None:
    """Puts a table in the place of a file in one step, readable by this user only."""
    kept = {key: value for key, value in table.items() if value is not None}
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        for folder in reversed([f for f in path.parents if not f.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
        try:
            descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(tomli_w.dumps(kept).encode())
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        make_durable(path.parent)
    except OSError as error:
        raise DeskError(unwritten(path, error)) from error


def make_durable(folder: Path) -> None:
    """Writes the folder itself to disk, where a folder can be opened at all."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def unwritten(path: Path, error: OSError) -> Failure:
    """A file that could not be written, with a full disk told apart."""
    key = "failure.profile.full" if error.errno in NO_ROOM else "failure.profile.unwritten"
    return file_failure(key, path, f"{path}: {error.strerror or type(error).__name__}")


def file_failure(key: str, path: Path, detail: str = "") -> Failure:
    """A fault of one file."""
    return Failure(
        Category.STORAGE,
        text(key, file=path.name),
        detail=detail or str(path),
        subject=str(path),
        action=Action.COPY_DETAILS,
    )
