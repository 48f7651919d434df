"""The control interface as a page for a curious person; every value is escaped."""

import html
import json
import time
from collections.abc import Mapping, Sequence

CHINA_OFFSET = 8 * 3600

_LINKS = ("state", "ledger", "calls", "pushes", "quota", "chaos")
_TIMES = frozenset({"now", "time", "entered", "latest_time", "createtime", "last_activity", "window_ends"})
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2em;max-width:70em;color:#222;background:#fff}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.25em .6em;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}h2{margin-top:1.6em}nav a{margin-right:1em}"
)


def page(state: Mapping[str, object], moves: Mapping[str, str]) -> str:
    """One table for each part of the state, links to the rest, and what can be moved by which name."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>kefu-desk simulator</title>",
        f"<style>{_STYLE}</style><h1>Simulated WeChat account</h1><nav>",
        *(f'<a href="{link}">{link}</a>' for link in _LINKS),
        "</nav>",
    ]
    for title, value in state.items():
        rows = value if isinstance(value, list) else [value]
        count = f" ({len(rows)})" if isinstance(value, list) else ""
        parts.append(f"<h2>{html.escape(title)}{count}</h2>")
        parts.append(_table(rows) if rows else "<p>none</p>")
    parts.append("<h2>what can be moved</h2><p>POST a JSON object to the path of that name.</p>")
    parts.append(_table([{"path": f"/__sim__/{name}", "does": does} for name, does in moves.items()]))
    return "".join(parts)


def _table(rows: Sequence[object]) -> str:
    if not isinstance(rows[0], dict):
        return "".join(f"<p>{_shown('now', row)}</p>" for row in rows)
    names = list(rows[0])
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    lines = "".join(
        "<tr>" + "".join(f"<td>{_shown(name, row.get(name))}</td>" for name in names) + "</tr>"
        for row in rows
        if isinstance(row, dict)
    )
    return f"<table><tr>{head}</tr>{lines}</table>"


def _shown(name: str, value: object) -> str:
    if name in _TIMES and isinstance(value, int | float) and value > 0:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(value + CHINA_OFFSET))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return html.escape(text)
