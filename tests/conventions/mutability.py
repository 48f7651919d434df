"""State belongs to objects that somebody made and hands on; a module holds none."""

import ast
from collections.abc import Iterator

from tests.conventions.source import Source, at, dotted

MAKERS = {
    "list", "dict", "set", "bytearray", "deque", "defaultdict", "OrderedDict", "Counter", "ChainMap", "array",
    "WeakKeyDictionary", "WeakValueDictionary", "WeakSet", "count", "cycle", "Lock", "RLock", "Event",
    "ContextVar", "fromkeys",
}  # fmt: skip
MUTATORS = {
    "append", "add", "update", "pop", "clear", "setdefault", "extend", "insert", "remove", "discard",
    "popitem", "sort", "reverse", "appendleft", "popleft", "difference_update", "intersection_update",
}  # fmt: skip
DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def module_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run at import, inside if, try and with too."""
    for statement in body:
        yield statement
        for name in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from module_statements(getattr(statement, name, []))
        for handler in getattr(statement, "handlers", []):
            yield from module_statements(handler.body)


def is_mutable(value: ast.expr | None) -> bool:
    """Whether an expression makes something that can be changed in place."""
    if isinstance(value, ast.Call):
        return dotted(value.func).rpartition(".")[2] in MAKERS
    return isinstance(value, DISPLAYS)


def is_constant(name: str) -> bool:
    """Whether a name promises that its value stays; a single letter is a type variable or an axis."""
    return len(name) > 1 and name.isupper()


def mutable_names(source: Source) -> Iterator[tuple[ast.stmt, str]]:
    """Each name that a module binds to something mutable."""
    for node in module_statements(source.tree.body):
        if isinstance(node, ast.Assign):
            targets: list[ast.expr] = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if is_mutable(node.value):
            yield from ((node, target.id) for target in targets if isinstance(target, ast.Name))


def changed_constants(source: Source) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Each place in a function where something with the NAME of a constant is changed."""
    functions = [
        node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    for node in {inner for function in functions for inner in ast.walk(function)}:
        touched: list[ast.expr] = []
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            touched = [node.value]
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS
        ):
            touched = [node.func.value]
        elif isinstance(node, ast.AugAssign):
            touched = [node.target]
        for expression in touched:
            name = dotted(expression).rpartition(".")[2]
            if is_constant(name) and isinstance(node, ast.expr | ast.stmt):
                yield node, name


def module_state(source: Source) -> Iterator[str]:
    """A module-level list, dict or set is a CONSTANT that nobody changes; there is no `global`."""
    for node, name in mutable_names(source):
        if not is_constant(name) and name != "__all__":
            yield at(
                source, node, f"{name} is mutable and belongs to the module; make it a CONSTANT or an object"
            )
    for changed, name in changed_constants(source):
        yield at(source, changed, f"{name} is changed")
    for statement in ast.walk(source.tree):
        if isinstance(statement, ast.Global):
            yield at(source, statement, f"global {', '.join(statement.names)}")
