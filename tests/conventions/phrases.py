"""Every phrase that the code names exists in both languages and fits its parameters; none lies unused."""

import ast
import re
import string
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.conventions.source import ROOT, Source, at

LANGUAGES = ("zh_CN", "en")
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-zA-Z0-9_]+)+")
PREFIX = re.compile(r"[a-z][a-z0-9_]*\.[a-zA-Z0-9_.]*")

STATE_PATHS = {"kefu_desk/ui/slices.py"}  # its dotted strings name parts of the state

Tables = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Language -> key -> its forms."""


def tables() -> Tables:
    """What the .ts files hold."""
    out = {}
    for language in LANGUAGES:
        path = ROOT / "resources" / "translations" / f"kefu-desk_{language}.ts"
        phrases = {}
        for message in ET.parse(path).getroot().iter("message"):
            forms = [form.text or "" for form in message.iter("numerusform")]
            phrases[message.findtext("source") or ""] = tuple(
                forms or [message.findtext("translation") or ""]
            )
        out[language] = phrases
    return out


def places(form: str) -> set[str]:
    """The `{name}` places of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def template_faults(phrases: Tables) -> Iterator[str]:
    """Languages that differ in their keys or places, empty or broken templates."""
    every = sorted({key for table in phrases.values() for key in table})
    for key in every:
        wanted: set[str] | None = None
        for language, table in phrases.items():
            if not all(table.get(key, ("",))):
                yield f"{key}: nothing in {language}"
                continue
            try:
                names = set().union(*map(places, table[key])) - {"n"}
            except ValueError as fault:
                yield f"{key}: {language}: {fault}"
                continue
            if wanted is not None and names != wanted:
                yield f"{key}: places differ between the languages: {sorted(wanted ^ names)}"
            wanted = names


@dataclass(frozen=True)
class Use:
    """One `text(...)` call with a literal key."""

    node: ast.expr
    key: str
    given: frozenset[str] | None  # None: parameters are passed on as a mapping


def literals(node: ast.expr) -> Iterator[str]:
    """The literal strings that an expression may give."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def uses(source: Source) -> Iterator[Use]:
    """The calls of `text` whose key stands in the call."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "text"):
            continue
        names = {keyword.arg for keyword in node.keywords}
        given = None if None in names else frozenset(name for name in names if name)
        if given is not None and (len(node.args) > 1 or "count" in given):
            given |= {"n"}
        if node.args:
            yield from (Use(node, key, given) for key in literals(node.args[0]))


def mentioned(source: Source) -> Iterator[tuple[ast.expr, str]]:
    """Strings that can only be keys, wherever they stand: in a table, as an argument, in an enumeration."""
    if source.place in STATE_PATHS:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            yield node, node.value


def prefixes(source: Source) -> Iterator[tuple[ast.expr, str]]:
    """The literal beginnings of keys that are put together."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr) and node.values:
            first = node.values[0]
            if isinstance(first, ast.Constant) and PREFIX.fullmatch(str(first.value)):
                yield node, str(first.value)


def unknown_phrases(source: Source, phrases: Tables) -> Iterator[str]:
    """Keys that no table knows, prefixes that no key has, places of a template that get no parameter."""
    every = {key for table in phrases.values() for key in table}
    areas = {key.partition(".")[0] for key in every}
    called = [(use.node, use.key) for use in uses(source)]
    keys = {key for _, key in called}
    others = [
        (node, key) for node, key in mentioned(source) if key not in keys and key.partition(".")[0] in areas
    ]
    for node, key in (*called, *others):
        if key not in every:
            yield at(source, node, f"no phrase {key!r}")
    for node, prefix in prefixes(source):
        if prefix.partition(".")[0] in areas and not any(key.startswith(prefix) for key in every):
            yield at(source, node, f"no phrase begins with {prefix!r}")
    for use in uses(source):
        needed = {
            name for table in phrases.values() for form in table.get(use.key, ()) for name in places(form)
        }
        if use.given is not None and needed - use.given:
            yield at(source, use.node, f"{use.key!r} needs {sorted(needed - use.given)}")


def unused_phrases(code: list[Source], phrases: Tables) -> Iterator[str]:
    """Keys of the tables that no code can name."""
    named = {key for source in code for _, key in mentioned(source)}
    named |= {use.key for source in code for use in uses(source)}
    begun = tuple({prefix for source in code for _, prefix in prefixes(source)})
    for key in sorted({key for table in phrases.values() for key in table}):
        if key not in named and not key.startswith(begun):
            yield f"{key}: no code names it"
