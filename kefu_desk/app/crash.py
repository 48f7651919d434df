"""The last boundary: a fault of ours ends the program loudly, with the outbox safe."""

import asyncio
import faulthandler
import logging
import sys
import threading
from types import TracebackType
from typing import Any

EXIT_CODE = 70
DEADLINE = 10.0

log = logging.getLogger(__name__)


def install_hooks() -> None:
    """Unexpected exceptions of any thread reach the log, and native crashes leave their stacks."""
    if sys.stderr is not None:
        faulthandler.enable()
    sys.excepthook = _report
    threading.excepthook = _report_thread


def watch_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Exceptions that nobody awaits reach the log."""
    loop.set_exception_handler(_report_loop)


def arm_deadline() -> None:
    """From now on the program has ten seconds to end, or it prints its stacks and ends anyway."""
    if sys.stderr is not None:
        faulthandler.dump_traceback_later(DEADLINE, exit=True)


def disarm_deadline() -> None:
    """The program ended in time."""
    faulthandler.cancel_dump_traceback_later()


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("unexpected error", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _report_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _report(args.exc_type, args.exc_value, args.exc_traceback)


def _report_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    log.error("unexpected error in the event loop: %s", context.get("message"), exc_info=error)
