"""What WeChat answered, for people: tables, names with values, times in Asia/Shanghai."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from kefu_desk.app.arguments import shown_moment

EARLIEST = 1_000_000_000
LATEST = 10_000_000_000
WIDEST = 60
"""Columns of a table are cut there; a value on a line of its own is not."""


def shown(value: object) -> str:
    """An answer, already made of JSON values, as text of one or several lines."""
    if value is None:
        return "done"
    if isinstance(value, Mapping):
        return _fields(value)
    if isinstance(value, list):
        return _rows(value)
    return _cell("", value)


def _fields(value: Mapping[str, Any]) -> str:
    """One line for each value; a list of rows below its name."""
    if not value:
        return "done"
    simple = {name: v for name, v in value.items() if not _is_rows(v)}
    wide = max((_width(name) for name in simple), default=0)
    lines = [f"{_padded(name, wide)}  {_cell(name, v)}" for name, v in simple.items()]
    for name, rows in value.items():
        if _is_rows(rows):
            lines += ["", f"{name} ({len(rows)})", _rows(rows)]
    return "\n".join(lines).strip("\n")


def _rows(rows: list[Any]) -> str:
    if not rows:
        return "none"
    if not _is_rows(rows):
        return "\n".join(_cell("", row) for row in rows)
    known = dict.fromkeys(name for row in rows for name in row)
    names = [name for name in known if any(_cell(name, row.get(name)) for row in rows)]
    cells = [names, *([_cut(_cell(name, row.get(name, ""))) for name in names] for row in rows)]
    widths = [max(_width(line[n]) for line in cells) for n in range(len(names))]
    return "\n".join(_line(line, widths) for line in cells)


def _line(line: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _cell(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, bytes | bytearray):
        return f"{len(value)} bytes (--save FILE keeps them)"
    if isinstance(value, int) and any(part in name for part in ("time", "expires", "created")):
        return shown_moment(value) if EARLIEST < value < LATEST else str(value or "")
    if isinstance(value, list):
        return ", ".join(_cell("", item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_cell(key, item)}" for key, item in value.items())
    # what customers write may hold control characters, which a terminal would obey
    return "".join(sign if sign.isprintable() else " " for sign in str("" if value is None else value))


def _cut(words: str) -> str:
    return words if len(words) <= WIDEST else f"{words[: WIDEST - 1]}…"


def _padded(words: str, width: int) -> str:
    return words + " " * (width - _width(words))


def _width(words: str) -> int:
    """Columns of a terminal; Chinese signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)
