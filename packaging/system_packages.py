"""Finds what the system must bring (Qt's libraries, fonts, programs) and installs it on Debian and Ubuntu.

Everything is looked for itself, not by package name, so that the check also holds on other distributions.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path

MISSING = 3
"""Exit code when something is missing that only the person at the machine can install."""

LIBRARIES = {
    # what `import PySide6` and the offscreen platform load
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libbrotlidec.so.1": "libbrotli1",
    # what the xcb and Wayland platforms load
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
FONTS = {
    # 𠮷 occurs in names; the lighter Chinese fonts paint a box for it
    ":lang=zh-cn:charset=20bb7": ("a complete Chinese font", "fonts-noto-cjk"),
    ":charset=1f600": ("an emoji font", "fonts-noto-color-emoji"),
}
DISPLAY_PROGRAMS = {"Xvfb": "xvfb", "xvfb-run": "xvfb", "xauth": "xauth"}
TEST_PROGRAMS = {
    **DISPLAY_PROGRAMS,
    "dbus-run-session": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "xdotool": "xdotool",
}
BUNDLE_PROGRAMS = {"objdump": "binutils", "strip": "binutils"}
PROGRAMS = {
    "bench": DISPLAY_PROGRAMS,
    "test": TEST_PROGRAMS,
    "bundle": BUNDLE_PROGRAMS,
    "setup": {**TEST_PROGRAMS, **BUNDLE_PROGRAMS},
}


def has_library(name: str) -> bool:
    """Whether the loader finds a shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def font_finder() -> Callable[[str], bool]:
    """Tells by a pattern whether fontconfig knows such a font; without fontconfig there is none."""
    try:
        fontconfig = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return lambda _pattern: False
    fontconfig.FcNameParse.restype = ctypes.c_void_p
    fontconfig.FcNameParse.argtypes = [ctypes.c_char_p]
    fontconfig.FcObjectSetCreate.restype = ctypes.c_void_p
    fontconfig.FcFontList.restype = ctypes.POINTER(ctypes.c_int)  # the first field of FcFontSet is the count
    fontconfig.FcFontList.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    every_field = fontconfig.FcObjectSetCreate()

    def found(pattern: str) -> bool:
        fonts = fontconfig.FcFontList(None, fontconfig.FcNameParse(pattern.encode()), every_field)
        return bool(fonts) and fonts[0] > 0

    return found


def has_program(name: str) -> bool:
    """Whether a program is on the PATH or where daemons live."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/libexec") is not None


def missing_for_python(command: str, *, needs_venv: bool) -> dict[str, str]:
    """Parts of this Python which Debian ships apart: the maker of environments, the shared library."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    out = {}
    if needs_venv and importlib.util.find_spec("ensurepip") is None:
        out[f"Python's ensurepip ({version})"] = f"python{version}-venv"
    shared = sysconfig.get_config_var("INSTSONAME") or ""
    if command in ("bundle", "setup") and ".so" in shared:
        folder = sysconfig.get_config_var("LIBDIR") or ""
        if not (Path(folder) / shared).exists() and not has_library(shared):
            out[shared] = f"libpython{version}"
    return out


def missing(command: str, *, needs_venv: bool) -> dict[str, str]:
    """What a command lacks on this machine: the thing itself -> the Debian package that brings it."""
    if not sys.platform.startswith("linux"):
        return {}
    has_font = font_finder()
    out = {name: package for name, package in LIBRARIES.items() if not has_library(name)}
    out.update({name: package for pattern, (name, package) in FONTS.items() if not has_font(pattern)})
    programs = PROGRAMS.get(command, {})
    out.update({name: package for name, package in programs.items() if not has_program(name)})
    out.update(missing_for_python(command, needs_venv=needs_venv))
    return out


def is_debian() -> bool:
    """Whether the machine speaks apt."""
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False
    return "debian" in release.lower() and shutil.which("apt-get") is not None


def as_root() -> list[str] | None:
    """What to put before a command so that it runs as root without asking, or None."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asks = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode
    return None if asks else ["sudo", "-n"]


def install_line(packages: Iterable[str]) -> str:
    """The one line that a person has to run."""
    names = " ".join(sorted(set(packages)))
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {names}"


def install(packages: Iterable[str], root: list[str]) -> bool:
    """Installs Debian packages, waiting for another apt to finish; True when it worked."""
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=500"]
    names = sorted(set(packages))
    print("system packages:", *names, flush=True)
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *names]):
        if subprocess.run([*apt, *arguments], stdout=sys.stderr, check=False).returncode:
            return False
    return True


def provide(command: str, *, needs_venv: bool) -> None:
    """Makes sure that the system has what a command needs, or ends the program with what to do."""
    lacks = missing(command, needs_venv=needs_venv)
    if not lacks:
        return
    if not is_debian():
        print("This machine lacks: " + ", ".join(sorted(lacks)), file=sys.stderr)
        print("On Debian these are the packages: " + " ".join(sorted(set(lacks.values()))), file=sys.stderr)
        raise SystemExit(MISSING)
    root = as_root()
    if root is not None and install(lacks.values(), root):
        lacks = missing(command, needs_venv=needs_venv)
        if not lacks:
            return
    print("This machine lacks: " + ", ".join(sorted(lacks)), file=sys.stderr)
    print(f"Run this line, then start again:\n\n{install_line(lacks.values())}\n", file=sys.stderr)
    raise SystemExit(MISSING)
