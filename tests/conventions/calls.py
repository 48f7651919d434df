"""Calls that break the one event loop, the one shutdown or the one path of data."""

import ast
import re
from collections.abc import Iterator

from tests.conventions.source import Source, at, dotted

STATIC_DIALOGS = re.compile(
    r"(QMessageBox\.(information|warning|critical|question|about|aboutQt)"
    r"|QFileDialog\.(get|save)\w+|QInputDialog\.get\w+|Q(Color|Font)Dialog\.get\w+)$"
)
UNGUARDED = ("asyncSlot", "asyncClose")
NESTED_LOOPS = {"exec", "exec_", "processEvents", "sendPostedEvents"}
BOUNDARIES = {
    "kefu_desk/desk/tasks.py": "a command's fault must not end the desk",
    "kefu_desk/app/crash.py": "the last resort, which reports and ends",
}
TASK_OWNERS = {
    "kefu_desk/desk/runtime.py": "owns the services",
    "kefu_desk/desk/tasks.py": "owns the commands",
}
FIRST_PAINT = {
    # before asyncio exists: no task can be starved by this loop or ended with it
    ("kefu_desk/app/gui.py", "loop.exec"),
    ("kefu_desk/app/gui.py", "self._loop.quit"),
}
LEAVING = {"quit", "exit"}
MAY_LEAVE = {"sys", "parser"}


def blocking(attribute: ast.Attribute) -> str | None:
    """Why an attribute is not used here, or None."""
    chain = dotted(attribute)
    if attribute.attr in NESTED_LOOPS:
        return "starts a nested event loop; use ui/dialogs/ask.py"
    if attribute.attr in UNGUARDED:
        return "its faults bypass the task boundaries"
    if STATIC_DIALOGS.search(chain):
        return "blocks the event loop; use ui/dialogs/ask.py"
    return "use asyncio.timeout" if chain == "asyncio.wait_for" else None


def event_loop(source: Source) -> Iterator[str]:
    """No nested event loop, no blocking dialog, no asyncSlot, no `wait_for` (it may lose a cancellation)."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("qasync", "asyncio"):
            for name in node.names:
                if name.name in (*UNGUARDED, "wait_for"):
                    yield at(source, node, f"{name.name} is not used here")
        elif isinstance(node, ast.Attribute) and (source.place, dotted(node)) not in FIRST_PAINT:
            why = blocking(node)
            if why is not None:
                yield at(source, node, f"{dotted(node)}: {why}")


def leaving(source: Source) -> Iterator[str]:
    """Nobody ends the program but the main coroutine, by returning."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Attribute) and node.attr in LEAVING):
            continue
        if dotted(node.value) not in MAY_LEAVE and (source.place, dotted(node)) not in FIRST_PAINT:
            yield at(source, node, f"{dotted(node)}: set the closing event instead")


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler only tidies up: its last statement is a bare `raise`."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def broad_except(source: Source) -> Iterator[str]:
    """Only the two boundaries catch everything."""
    if source.place in BOUNDARIES:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and not passes_on(node):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            for kind in caught:
                if kind is None or dotted(kind) in ("Exception", "BaseException"):
                    yield at(source, node, "catches everything")
        elif (
            isinstance(node, ast.Call)
            and dotted(node.func).endswith("suppress")
            and any(dotted(kind) in ("Exception", "BaseException") for kind in node.args)
        ):
            yield at(source, node, "suppresses everything")


def task_owners(source: Source) -> Iterator[str]:
    """Tasks are created by their two owners only, so that shutdown knows them all."""
    if source.place in TASK_OWNERS:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in ("create_task", "ensure_future"):
            yield at(source, node, f"{dotted(node)}: only {', '.join(sorted(TASK_OWNERS))} create tasks")
