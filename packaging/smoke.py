"""Starts the built program on an empty home, lets it play the demo offscreen, and looks at what it painted.

    smoke.py [PROGRAM]     default: dist/kefu-desk/kefu-desk

Passes when the program ends with 0, says each step, leaves no fault on stderr and paints a picture.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENDING = ".exe" if sys.platform == "win32" else ""
PROGRAM = ROOT / "dist" / "kefu-desk" / f"kefu-desk{ENDING}"
DEADLINE_SECONDS = 180
STEPS = ["waiting", "accepted", "reads", "answered", "received", "closed"]
LEAST_SIZE = (640, 480)
LEAST_SHADES = 64
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def bare_environment(home: Path) -> dict[str, str]:
    """What a program gets from a session without any setting of a person."""
    env = {"HOME": str(home), "PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen"}
    if sys.platform == "win32":
        env |= {"SYSTEMROOT": os.environ["SYSTEMROOT"], "USERPROFILE": str(home), "APPDATA": str(home)}
        env |= {"LOCALAPPDATA": str(home), "TEMP": str(home)}
    return env


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """The parts of a PNG file: kind and content."""
    if not png.startswith(PNG_SIGNATURE):
        raise SystemExit("smoke: the picture is no PNG")
    out, position = [], len(PNG_SIGNATURE)
    while position < len(png):
        length, kind = struct.unpack_from(">I4s", png, position)
        out.append((kind, png[position + 8 : position + 8 + length]))
        position += 12 + length
    return out


def look(picture: Path) -> str:
    """Size and variety of a picture; ends the program when it is too small or blank."""
    parts = chunks(picture.read_bytes())
    width, height = struct.unpack_from(">II", dict(parts)[b"IHDR"])
    pixels = zlib.decompress(b"".join(content for kind, content in parts if kind == b"IDAT"))
    shades = len(
        set(pixels)
    )  # filtered bytes: a blank picture has a handful of values, text and shapes have many
    if width < LEAST_SIZE[0] or height < LEAST_SIZE[1] or shades < LEAST_SHADES:
        raise SystemExit(f"smoke: the picture is blank or too small: {width} x {height}, {shades} values")
    return f"{width} x {height}, {shades} values"


def size(folder: Path) -> int:
    """Bytes below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def play(program: Path, home: Path) -> Path:
    """Runs the demo and returns its picture; ends this program when anything is wrong."""
    picture = home / "demo.png"
    command = [str(program), "demo", "--play", "--shot", str(picture)]
    done = subprocess.run(
        command,
        cwd=home,
        env=bare_environment(home),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    said = [
        line.split()[1] for line in done.stdout.splitlines() if line[:1].isdigit() and len(line.split()) > 1
    ]
    print(done.stdout, end="")
    print(done.stderr, end="", file=sys.stderr)
    if done.returncode:
        raise SystemExit(f"smoke: the program ended with {done.returncode}")
    if "Traceback" in done.stderr:
        raise SystemExit("smoke: a fault on stderr")
    if said != STEPS:
        raise SystemExit(f"smoke: the steps were {said}, not {STEPS}")
    if not picture.is_file():
        raise SystemExit("smoke: no picture")
    return picture


def main(arguments: list[str]) -> int:
    """Plays, looks, prints the measures."""
    program = Path(arguments[0]).resolve() if arguments else PROGRAM
    if not program.is_file():
        raise SystemExit(f"smoke: {program} is not there; run `make bundle` first")
    with tempfile.TemporaryDirectory(prefix="kefu-smoke-", ignore_cleanup_errors=True) as home:
        started = time.monotonic()
        picture = look(play(program, Path(home)))
        seconds = time.monotonic() - started
    print(f"smoke: passed in {seconds:.1f} s; picture {picture}; bundle {size(program.parent) / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
