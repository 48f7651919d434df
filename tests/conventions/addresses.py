"""Nothing in the project depends on the machine or the registry that it was made with."""

import re
from collections.abc import Iterator

MACHINE = re.compile(r"(?<![\w.~-])/(work|root|home/[a-z]+|Users/[A-Za-z]+)/")
REGISTRY = re.compile(
    "|".join((r"pypi\.org", r"python" + "hosted", r"deb\.debian" + r"\.org", "artifact" + "registry"))
)
TEXT_ENDINGS = {
    ".py", ".toml", ".md", ".lock", ".ts", ".qss", ".sql", ".sh", ".spec", ".cfg", ".ini", ".yml", ".yaml",
    ".json", ".svg", ".txt", ".desktop", "",
}  # fmt: skip


def machine_paths(place: str, text: str) -> Iterator[str]:
    """Folders of one machine and hosts of one registry."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := MACHINE.search(line) or REGISTRY.search(line):
            yield f"{place}:{number}: {found[0]} is of one machine"


def lock_addresses(place: str, text: str) -> Iterator[str]:
    """A lock names versions and hashes; where they come from is the installer's business."""
    for number, line in enumerate(text.splitlines(), 1):
        if "://" in line:
            yield f"{place}:{number}: an address in a lock"


def lock_pins(text: str) -> dict[str, str]:
    """Name -> version of a lock."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))
