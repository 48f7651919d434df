"""The `kefu-desk` command."""

import io
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from kefu_desk.app.crash import install_hooks, last_resort
from kefu_desk.app.options import SCENARIO_NAMES, parse

if TYPE_CHECKING:
    from kefu_desk.app.compose import Connection
    from kefu_desk.app.paths import Places
    from kefu_desk.profiles.secrets import Secret

USAGE = 2
LATEST = 10**10
INTERRUPTED = 130


class UsageError(Exception):
    """A command line that cannot be carried out; the message says what to write instead."""

    def __init__(self, words: str, argument: str = "") -> None:
        super().__init__(words)
        self.argument = argument


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 is success, 2 a wrong command line, the others are in `outcome.Exit`.

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
    commands = {
        "simulate": _simulate,
        "watch": _watch,
        "call": _call,
        "records": _records,
        "search": _search,
    }
    try:
        return commands[options.command](options)
    except UsageError as error:
        from kefu_desk.app.outcome import told_usage

        return told_usage(str(error), error.argument, as_json=getattr(options, "json", False))
    except KeyboardInterrupt:
        return INTERRUPTED


def _window(options: Namespace) -> int:
    demo = options.command == "demo"
    if demo and options.scenario not in SCENARIO_NAMES:
        try:
            _try_scenario(options.scenario)
        except UsageError as error:
            print(error, file=sys.stderr)
            return USAGE
    from kefu_desk.app.lean import lighten_imports

    lighten_imports()
    from kefu_desk.app.gui import run_window
    from kefu_desk.app.stage import Start

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


def _try_scenario(wanted: str) -> None:
    """Reads a scenario before anything is shown, so that its faults are told on the command line."""
    from kefu_desk.app.scenarios import begin

    try:
        begin(wanted, seed=1, now=0.0)
    except ValueError as error:
        raise UsageError(str(error), "--scenario") from error


def _simulate(options: Namespace) -> int:
    _try_scenario(options.scenario)
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
    from kefu_desk.app.arguments import BadArgument
    from kefu_desk.app.calling import bind, call, help_of, listing

    async def run(connection: "Connection", _folder: Path) -> None:
        from kefu_desk.app.compose import connect

        async with connect(connection) as client:
            _answer(options, await call(client, options.method, values))

    try:
        if options.method is None:
            print(options.usage() if options.help else listing())
            return 0
        if options.help:
            print(help_of(options.method, options.arguments))
            return 0
        values = bind(options.method, options.arguments)
        return _connected(options, run)
    except BadArgument as error:
        raise UsageError(str(error), error.argument) from error


def _answer(options: Namespace, value: object) -> None:
    """Prints an answer, and keeps its bytes where that is wanted."""
    import msgspec

    from kefu_desk.app.answer import shown

    data = value.get("data") if isinstance(value, dict) else None
    if options.save is not None:
        if not isinstance(data, bytes):
            raise UsageError(
                "--save is for answers with a file in them, such as that of download_media", "--save"
            )
        try:
            Path(options.save).write_bytes(data)
        except OSError as error:
            raise UsageError(
                f"--save {options.save} cannot be written: {error.strerror}", "--save"
            ) from error
        value = {**value, "data": options.save} if isinstance(value, dict) else value
    if options.json:
        print(msgspec.json.encode(value).decode())
    else:
        print(shown(value))


def _records(options: Namespace) -> int:
    from kefu_desk.app.arguments import BadArgument, moment

    try:
        start, end = moment("--from", options.start), moment("--to", options.end)
    except BadArgument as error:
        raise UsageError(str(error), error.argument) from error
    if Path(options.out).is_dir():
        raise UsageError(f"--out {options.out} is a folder; name a file in it", "--out")
    if not 0 <= start <= end < LATEST:
        raise UsageError("--from must not be after --to", "--from")

    async def run(connection: "Connection", _folder: Path) -> int:
        return await _export(options, connection, start, end)

    return _connected(options, run)


def _search(options: Namespace) -> int:
    import asyncio

    import msgspec

    from kefu_desk.app.accounts import Accounts
    from kefu_desk.app.answer import shown
    from kefu_desk.app.arguments import BadArgument, moment
    from kefu_desk.app.outcome import told
    from kefu_desk.app.paths import places
    from kefu_desk.app.searching import search
    from kefu_desk.domain.failure import DeskError
    from kefu_desk.domain.search import Search

    async def run() -> list[dict[str, object]]:
        home = places()
        accounts = Accounts(home)
        name = options.profile or (await accounts.settings()).last_profile
        if name is None:
            raise UsageError("no profile yet: name one with --profile")
        return await search(home.of_profile((await accounts.profile(name)).name), query)

    try:
        start = None if options.since is None else moment("--since", options.since)
        end = None if options.until is None else moment("--until", options.until)
        query = Search(options.words, options.customer, options.agent, start, end, options.limit)
        rows = asyncio.run(run())
    except BadArgument as error:
        raise UsageError(str(error), error.argument) from error
    except DeskError as error:
        return told(error, as_json=options.json)
    print(msgspec.json.encode(rows).decode() if options.json else shown(rows))
    return 0


async def _export(options: Namespace, connection: "Connection", start: int, end: int) -> int:
    import json
    import time

    from kefu_desk.app.compose import connect
    from kefu_desk.app.export import Export, ExportError, export
    from kefu_desk.app.outcome import Exit
    from kefu_desk.domain.failure import Category, DeskError, Failure
    from kefu_desk.domain.text import verbatim

    path = Path(options.out)
    try:
        async with connect(connection) as client:
            target = Export(path, connection.appid, start, end)
            try:
                counts = await export(client, target, time.time, quiet=options.json)
            finally:
                state = target.state
                if not (state.complete or options.json):
                    print(
                        f"whole days so far: {state.records} records; run it again to go on", file=sys.stderr
                    )
    except ExportError as error:
        raise UsageError(str(error), "--out") from error
    except BrokenPipeError:  # of the output, not of the file
        raise
    except OSError as error:
        words = verbatim(f"{path} cannot be written: {error.strerror}")
        raise DeskError(Failure(Category.STORAGE, words)) from error
    code = Exit.REFUSED if counts["broken_off"] else Exit.OK
    if options.json:
        print(json.dumps({**counts, "file": str(path)}, ensure_ascii=False))
        return code
    for day in counts["broken_off"]:
        print(f"{day}: WeChat repeated itself, records may be missing; run it again", file=sys.stderr)
    skipped = f", {counts['skipped']} unreadable rows left out" if counts["skipped"] else ""
    note = "" if counts["final"] else "; the last day is not over, run it again later"
    if counts["broken_off"]:
        note = "; not all of them"
    records, days = _counted(counts["records"], "record"), _counted(counts["days"], "day")
    print(f"{records} of {days} in {path}{skipped}{note}")
    return code


def _connected(
    options: Namespace, run: "Callable[[Connection, Path], Coroutine[object, object, int | None]]"
) -> int:
    """Runs something on the wanted connection; expected failures are told on stderr."""
    import asyncio

    from kefu_desk.app.outcome import told
    from kefu_desk.domain.failure import DeskError
    from kefu_desk.wechat.errors import WeChatError

    try:
        with _source(options) as (connection, folder):
            return asyncio.run(run(connection, folder)) or 0
    except (DeskError, WeChatError) as error:
        return told(error, as_json=getattr(options, "json", True))  # `watch` speaks JSON only


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
            try:
                connection, _ = to_simulation(f"{SCHEME}{options.simulator}", seed=1)
            except ValueError as error:
                raise UsageError(str(error), "--simulator") from error
            yield connection, Path(folder)
        return
    home = places()
    typed = sys.stdin.readline().strip() if options.secret_stdin else None
    name, connection = asyncio.run(_stored(home, options.profile, typed))
    yield connection, home.of_profile(name)


async def _stored(home: "Places", wanted: str | None, typed: str | None) -> "tuple[str, Connection]":
    """A profile and its secret; a secret that cannot be read is asked for, where somebody can answer."""
    from kefu_desk.app.accounts import Accounts
    from kefu_desk.domain.failure import Category, DeskError

    accounts = Accounts(home)
    name = wanted or (await accounts.settings()).last_profile
    if name is None:
        raise UsageError("no profile yet: name one with --profile, or use --simulator day")
    if typed is not None:
        return name, await accounts.connection(name, _secret(typed))
    try:
        return name, await accounts.connection(name)
    except DeskError as error:
        asks = error.failure.category in (Category.CREDENTIALS, Category.KEYRING) and sys.stdin.isatty()
        if not asks:
            raise
    from getpass import getpass

    try:
        return name, await accounts.connection(name, _secret(getpass("AppSecret: ")))
    except EOFError:
        raise UsageError("no AppSecret was entered") from None


def _secret(typed: str) -> "Secret":
    from kefu_desk.profiles.secrets import Secret

    if not typed:
        raise UsageError("no AppSecret was entered", "--secret-stdin")
    return Secret(typed)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
