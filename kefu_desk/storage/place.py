"""Whether a folder is on a disk of this computer, where the log of SQLite works, or shared (F-S16)."""

import os
import re
import sqlite3
import sys
from pathlib import Path

SHARED_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "glusterfs", "lustre", "davfs"}
    | {"vboxsf", "prl_fs", "fuse.vmhgfs-fuse", "fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.gvfsd-fuse"}
)
"""File systems of other computers, as Linux calls them."""

SYNCED_FOLDERS = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "mobile documents",
    "icloud",
    "nextcloud",
    "seafile",
    "nutstore",
    "坚果云",
    "baidusyncdisk",
    "百度网盘",
    "wps云盘",
    "wpsdrive",
    "腾讯微云",
    "阿里云盘",
)
"""How folders begin that a program copies to other computers while they are in use."""

OCTAL = r"\\([0-7]{3})"
"""How that file writes blanks and the like."""
MOUNTS = "/proc/self/mountinfo"
DRIVE_REMOTE = 4
FIXED_SINCE = (3, 51, 3)
FIXED_IN = {(3, 50): 7, (3, 44): 6}
"""Where the fault of SQLite was put right that may lose a commit when a log begins anew."""


def shared_by(folder: Path, mounts: str | None = None, platform: str = sys.platform) -> str:
    """What shares a folder with other computers, such as `nfs4` or `OneDrive`; empty for a disk of this one.

    `mounts` stands in for what Linux says about its file systems. On macOS only folders are known by name.
    """
    folder = folder.absolute()
    for part in folder.parts:
        if part.lower().startswith(SYNCED_FOLDERS):
            return part
    if platform == "linux":
        kind = system_of(folder, mounts if mounts is not None else read_mounts())
        return kind if kind in SHARED_SYSTEMS else ""
    if platform == "win32":  # not tried: no such computer was at hand
        return "network" if is_remote(folder) else ""
    return ""


def read_mounts() -> str:
    """What Linux says about its file systems; empty when it says nothing."""
    try:
        return Path(MOUNTS).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def system_of(folder: Path, mounts: str) -> str:
    """The kind of file system that a folder is on: the one that is mounted nearest above it."""
    nearest, kind = -1, ""
    for line in mounts.splitlines():
        before, found, after = line.partition(" - ")
        fields = before.split()
        if not found or len(fields) < 5 or not after.split():
            continue
        point = re.sub(OCTAL, lambda code: chr(int(code.group(1), 8)), fields[4])
        if folder.is_relative_to(point) and len(Path(point).parts) >= nearest:
            nearest, kind = len(Path(point).parts), after.split()[0]
    return kind


def is_remote(folder: Path) -> bool:
    """Whether Windows reaches a folder over the network."""
    if str(folder).startswith("\\\\"):
        return True
    if os.name != "nt":
        return False
    import ctypes  # noqa: PLC0415  only there

    return bool(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == DRIVE_REMOTE)  # type: ignore[attr-defined,unused-ignore]


def log_fault(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite is older than the repair of its write-ahead log (3.7.0 to 3.51.2, F-S21).

    It is harmless here: one connection alone writes and moves the log into the file.
    """
    repaired = FIXED_IN.get(version[:2])
    return version < FIXED_SINCE and (repaired is None or version[2] < repaired)


def sqlite_version() -> str:
    """The version of SQLite that this program runs with."""
    return sqlite3.sqlite_version
