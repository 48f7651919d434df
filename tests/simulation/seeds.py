"""Which seeds are played: those that once found something, and new ones for each commit."""

import hashlib
import subprocess
from pathlib import Path

from kefu_desk import __version__

FIXED = tuple(range(40))
"""The seeds of every day. Each that ever failed stays in; see docs/simulation.md for what they found."""

FRESH = 60
ROOT = Path(__file__).resolve().parents[2]


def revision() -> str:
    """The commit that is tested, or the version where there is no repository."""
    found = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() if found.returncode == 0 else __version__


def fresh(name: str, number: int = FRESH) -> tuple[int, ...]:
    """Seeds that depend on nothing but a name, such as that of a commit."""
    digest = (hashlib.sha256(f"{name} {n}".encode()).digest() for n in range(number))
    return tuple(int.from_bytes(d[:4], "big") for d in digest)
