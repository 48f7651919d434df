"""Names that say nothing, and work that was left for later."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.conventions.source import Source, at, dotted

EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc|tools?)$")
LATER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
OPEN_BODIES = {"overload", "abstractmethod", "typing.overload", "abc.abstractmethod"}


def module_name(source: Source) -> Iterator[str]:
    """A module is named after the one thing it holds."""
    for part in PurePosixPath(source.place).with_suffix("").parts[1:]:
        if EMPTY_NAMES.search(part):
            yield f"{source.place}: the name {part!r} says nothing"


def unfinished(source: Source) -> Iterator[str]:
    """Nothing is left for later: no marks, no stubs."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if LATER.search(line):
            yield f"{source.place}:{number}: left for later: {line.strip()}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if dotted(raised) == "NotImplementedError":
                yield at(source, node, "a stub")
    yield from stubs(source, source.tree.body, open_bodies=False)


def stubs(source: Source, body: list[ast.stmt], *, open_bodies: bool) -> Iterator[str]:
    """Functions without a body where nobody else is asked for one."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            bases = {dotted(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases}
            is_protocol = any(base.rpartition(".")[2] == "Protocol" for base in bases)
            yield from stubs(source, node.body, open_bodies=is_protocol)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = {dotted(mark) for mark in node.decorator_list}
            if not open_bodies and not marks & OPEN_BODIES and is_empty(node.body):
                yield at(source, node, f"{node.name} does nothing and does not say why")


def is_empty(body: list[ast.stmt]) -> bool:
    """Only `pass` or `...`, with no docstring that tells why nothing is to be done."""
    rest = [
        node
        for node in body
        if not isinstance(node, ast.Pass)
        and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...
        )
    ]
    return not rest
