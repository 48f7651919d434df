"""The last boundary: a fault of ours ends the program loudly, with the outbox safe."""

import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the first paint of the window does not wait for it
    import asyncio

EXIT_CODE = 70
DEADLINE = 10.0
SET_DUMPABLE = 4

log = logging.getLogger(__name__)


def install_hooks() -> None:
    """Unexpected exceptions of any thread reach the log; native crashes leave stacks, but no memory image."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # a stream that is no file, as under some launchers
            faulthandler.enable()
    sys.excepthook = _report
    threading.excepthook = _report_thread
    sys.unraisablehook = _report_unraisable
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def hide_memory() -> None:
    """From now on the system writes no image of this process, not even to a program that collects them."""
    if sys.platform == "linux":  # such a collector does not mind the limit of `install_hooks`
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(SET_DUMPABLE, 0, 0, 0, 0)


def last_resort(program: Callable[[], int]) -> int:
    """Runs the program; an exception that nobody expected is reported and becomes exit code 70."""
    try:
        return program()
    except Exception as error:  # noqa: BLE001  the other of the two boundaries
        _report(type(error), error, error.__traceback__)
        return EXIT_CODE


def watch_loop(loop: "asyncio.AbstractEventLoop") -> None:
    """Exceptions that nobody awaits reach the log."""
    loop.set_exception_handler(_report_loop)


def arm_deadline() -> None:
    """From now on the program has ten seconds to end, or it prints its stacks and ends anyway."""
    try:
        faulthandler.dump_traceback_later(DEADLINE, exit=True)
    except (RuntimeError, AttributeError, OSError, ValueError):  # a program without a stderr of its own
        faulthandler.dump_traceback_later(DEADLINE, exit=True, file=Path(os.devnull).open("w"))  # noqa: SIM115  stays open


def disarm_deadline() -> None:
    """The program ended in time."""
    faulthandler.cancel_dump_traceback_later()


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("unexpected error", exc_info=(kind, error, trace))
    import traceback

    from kefu_desk.app.logs import redacted

    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # nobody listens any more
            print(redacted("".join(traceback.format_exception(kind, error, trace))), end="", file=sys.stderr)


def _report_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _report(args.exc_type, args.exc_value, args.exc_traceback)


def _report_unraisable(args: "sys.UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        log.error("unexpected error in %r", args.object, exc_info=args.exc_value)


def _report_loop(_loop: "asyncio.AbstractEventLoop", context: dict[str, Any]) -> None:
    error = context.get("exception")
    log.error("unexpected error in the event loop: %s", context.get("message"), exc_info=error)
