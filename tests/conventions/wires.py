"""Who may be connected to whom: parts of the window meet in `ui/wiring.py` only."""

import ast
from collections.abc import Iterator

from tests.conventions.source import Source, at, dotted

MEETING_PLACES = {"kefu_desk/ui/wiring.py", "kefu_desk/ui/window.py"}
OWN_DEPTH = 3  # self . part . signal
LIFETIME = "destroyed"  # says that a reference has become useless; carries no intention


def depth(node: ast.expr) -> int:
    """How many names deep a chain reaches; a call starts anew: it asks an object instead of reaching in."""
    if isinstance(node, ast.Attribute):
        return depth(node.value) + 1
    return 1


def root(node: ast.expr) -> ast.expr:
    """Where a chain of attributes, calls and subscripts begins."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def strangers(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The parameters of a function: objects that somebody else made."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return {argument.arg for argument in every} - {"self", "cls"}


def cross_connects(source: Source) -> Iterator[str]:
    """In `ui`, a part connects only what it made: no signal of an argument, none reached through a part."""
    if not source.place.startswith("kefu_desk/ui/") or source.place in MEETING_PLACES:
        return
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        foreign = strangers(function)
        for node in ast.walk(function):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            signal = node.func.value
            if node.func.attr != "connect" or dotted(signal).endswith(f".{LIFETIME}"):
                continue
            start = root(signal)
            if isinstance(start, ast.Name) and start.id in foreign:
                yield at(source, node, f"{dotted(signal)} belongs to an argument; connect it in ui/wiring.py")
            elif depth(signal) > OWN_DEPTH:
                yield at(source, node, f"{dotted(signal)} reaches through a part; give the part a signal")
