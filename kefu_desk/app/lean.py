"""Spares a start of the window work at import that it has no use for (docs/decisions/0007)."""

import builtins
import gc
import sys

import PySide6.QtCore  # noqa: F401  sets up what is lightened here


def lighten_imports() -> None:
    """Call it before anything else of the window is imported; `settle_memory` ends it."""
    gc.disable()  # importing makes much that lives for ever and nothing that could be collected
    # httpx imports rich, click and pygments, where they are installed, for a command line of its own: 0.3 s
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None means: do not import
    # PySide wraps every import to look, even into the source of modules, for its `snake_case` switch: 0.1 s
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def settle_memory() -> None:
    """What was imported is never looked at again by the collector, which starts now."""
    gc.freeze()
    gc.enable()
