"""The text and the syntax tree of one module, as the rules see it."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """A Python file: its place from the project's root (with /), its text, its tree."""

    place: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())


Rule = Callable[[Source], Iterator[str]]
"""Says each violation as `place:line: what`."""


def planted(text: str, place: str = "kefu_desk/desk/example.py") -> Source:
    """A module that exists only in a test."""
    return Source(place, text, ast.parse(text))


def sources(folder: str) -> list[Source]:
    """Every module below a folder of the project."""
    found = [
        planted(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]
    assert found, f"no module below {folder}"
    return found


def tracked_files() -> list[Path]:
    """The files that git knows or would take."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def at(source: Source, node: ast.stmt | ast.expr | ast.ExceptHandler | ast.arg, what: str) -> str:
    """One violation."""
    return f"{source.place}:{node.lineno}: {what}"


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute chain; a part that is no plain name becomes `?`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"
