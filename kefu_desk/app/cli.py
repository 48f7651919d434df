"""The `kefu-desk` command."""

import io
import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from kefu_desk.app.crash import install_hooks, last_resort
from kefu_desk.app.options import parse

if TYPE_CHECKING:
    from kefu_desk.app.compose import Connection
    from kefu_desk.app.paths import Places
    from kefu_desk.domain.failure import Failure

USAGE = 2
REFUSED = 1
INTERRUPTED = 130


class UsageError(Exception):
    """A command line that cannot be carried out; the message says what to write instead."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 is success, 1 a refusal by WeChat, network or disk, 2 a wrong command line.

    70 is a fault of this program.
    """
    install_hooks()
    return last_resort(lambda: _piped(arguments))


def _piped(arguments: Sequence[str] | None) -> int:
    """Runs one command; a reader that has read enough (`| head`) ends it quietly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        try:
            return _run(arguments)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        _forget(sys.stdout)
        return 0


def _forget(stream: TextIO) -> None:
    """What is still buffered goes nowhere, or Python would complain at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class Teller(io.TextIOBase):
    """An output that goes on when nobody reads it any more: the window does not end with its reader."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, words: str) -> int:
        """Writes, or drops what nobody reads."""
        try:
            return self._stream.write(words)
        except BrokenPipeError:
            _forget(self._stream)
            return len(words)

    def flush(self) -> None:
        """Passes on what is buffered, or drops it."""
        if self._stream.closed:
            return
        try:
            self._stream.flush()
        except BrokenPipeError:
            _forget(self._stream)


def _run(arguments: Sequence[str] | None) -> int:
    options = parse(arguments)
    if options.command in (None, "gui", "demo"):
        return _window(options)
    from kefu_desk.app.logs import start_logging
    from kefu_desk.app.paths import places

    start_logging(places().logs, verbose=options.verbose)
    command = {"simulate": _simulate, "watch": _watch, "call": _call}[options.command]
    try:
        return command(options)
    except UsageError as error:
        print(error, file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


def _window(options: Namespace) -> int:
    from kefu_desk.app.lean import lighten_imports

    lighten_imports()
    from kefu_desk.app.gui import run_window
    from kefu_desk.app.stage import Start

    demo = options.command == "demo"
    start = Start(
        scenario=options.scenario if demo else None,
        seed=options.seed if demo else 1,
        profile=getattr(options, "profile", None),
        language=getattr(options, "lang", None),
        theme=getattr(options, "theme", None),
        play=demo and options.play,
        shot=options.shot if demo else None,
        verbose=options.verbose,
    )
    if sys.stdout is None:
        return run_window(start)
    with redirect_stdout(Teller(sys.stdout)):
        return run_window(start)


def _simulate(options: Namespace) -> int:
    try:
        from kefu_desk.app.serving import serve
    except ModuleNotFoundError as error:
        if error.name != "uvicorn":
            raise
        raise UsageError("`kefu-desk simulate` needs uvicorn: pip install 'kefu-desk[simulator]'") from error
    return serve(options.scenario, options.seed, options.host, options.port)


def _watch(options: Namespace) -> int:
    from kefu_desk.app.headless import watch

    async def run(connection: "Connection", folder: Path) -> None:
        await watch(connection, folder, sys.stdout, options.seconds)

    return _connected(options, run)


def _call(options: Namespace) -> int:
    from kefu_desk.app.calling import BadArgument, bind, call, methods

    if options.method is None:
        print("\n".join(methods().values()))
        return 0

    async def run(connection: "Connection", _folder: Path) -> None:
        from kefu_desk.app.compose import connect

        async with connect(connection) as client:
            print(await call(client, options.method, values))

    try:
        values = bind(options.method, options.arguments)
        return _connected(options, run)
    except BadArgument as error:
        raise UsageError(str(error)) from error


def _connected(options: Namespace, run: "Callable[[Connection, Path], Awaitable[None]]") -> int:
    """Runs something on the wanted connection; expected failures are one line of JSON on stderr."""
    import asyncio

    from kefu_desk.domain.failure import DeskError
    from kefu_desk.wechat.errors import WeChatError
    from kefu_desk.wechat.failures import failure_of

    try:
        with _source(options) as (connection, folder):
            asyncio.run(run(connection, folder))  # type: ignore[arg-type]  # every `run` here is a coroutine function
    except DeskError as error:
        return _refusal(error.failure)
    except WeChatError as error:
        return _refusal(failure_of(error))
    return 0


def _refusal(failure: "Failure") -> int:
    import json

    body = {
        "error": failure.category.value,
        "failure": failure.text.key,
        "code": failure.code,
        "rid": failure.rid,
        "detail": failure.detail,
        "subject": failure.subject,
    }
    print(json.dumps(body, ensure_ascii=False), file=sys.stderr)
    return REFUSED


@contextmanager
def _source(options: Namespace) -> "Iterator[tuple[Connection, Path]]":
    """The connection that the options name, and the folder of its files."""
    import asyncio
    import tempfile

    from kefu_desk.app.compose import to_simulation
    from kefu_desk.app.paths import places
    from kefu_desk.app.simulation import SCHEME

    if options.profile is None and options.simulator is not None:
        with tempfile.TemporaryDirectory(prefix="kefu-desk-") as folder:
            connection, _ = to_simulation(f"{SCHEME}{options.simulator}", seed=1)
            yield connection, Path(folder)
        return
    home = places()
    name, connection = asyncio.run(_stored(home, options.profile))
    yield connection, home.of_profile(name)


async def _stored(home: "Places", wanted: str | None) -> "tuple[str, Connection]":
    """A profile and its secret; a secret that cannot be read is asked for, where somebody can answer."""
    from kefu_desk.app.accounts import Accounts
    from kefu_desk.domain.failure import Category, DeskError

    accounts = Accounts(home)
    name = wanted or (await accounts.settings()).last_profile
    if name is None:
        raise UsageError("no profile yet: name one with --profile, or use --simulator day")
    try:
        return name, await accounts.connection(name)
    except DeskError as error:
        asks = error.failure.category in (Category.CREDENTIALS, Category.KEYRING) and sys.stdin.isatty()
        if not asks:
            raise
    from getpass import getpass

    from kefu_desk.profiles.secrets import Secret

    try:
        return name, await accounts.connection(name, Secret(getpass("AppSecret: ")))
    except EOFError:
        raise UsageError("no AppSecret was entered") from None
