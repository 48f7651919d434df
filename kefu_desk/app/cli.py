"""The `kefu-desk` command."""

import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kefu_desk.app.options import parser

if TYPE_CHECKING:
    from kefu_desk.app.compose import Connection
    from kefu_desk.app.paths import Places

USAGE = 2
REFUSED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 is success, 1 a refusal by WeChat or the network, 2 a wrong command line."""
    options = parser().parse_args(arguments)
    if options.command in (None, "gui", "demo"):
        return _window(options)
    from kefu_desk.app.logs import start_logging
    from kefu_desk.app.paths import places

    start_logging(places().logs, verbose=options.verbose)
    match options.command:
        case "simulate":
            return _simulate(options)
        case "watch":
            return _watch(options)
        case _:
            return _call(options)


def _window(options: Namespace) -> int:
    from kefu_desk.app.crash import install_hooks
    from kefu_desk.app.gui import run_window
    from kefu_desk.app.stage import Start

    install_hooks()
    demo = options.command == "demo"
    return run_window(
        Start(
            scenario=options.scenario if demo else None,
            seed=options.seed if demo else 1,
            profile=getattr(options, "profile", None),
            language=getattr(options, "lang", None),
            theme=getattr(options, "theme", None),
            play=demo and options.play,
            shot=options.shot if demo else None,
            verbose=options.verbose,
        )
    )


def _simulate(options: Namespace) -> int:
    try:
        from kefu_desk.app.serving import serve
    except ModuleNotFoundError as error:
        if error.name != "uvicorn":
            raise
        print("`kefu-desk simulate` needs uvicorn: pip install 'kefu-desk[simulator]'", file=sys.stderr)
        return USAGE
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
    try:
        bind(options.method, options.arguments)
    except BadArgument as error:
        print(error, file=sys.stderr)
        return USAGE

    async def run(connection: "Connection", _folder: Path) -> None:
        from kefu_desk.app.compose import connect

        async with connect(connection) as client:
            print(await call(client, options.method, options.arguments))

    return _connected(options, run)


def _connected(options: Namespace, run: "Callable[[Connection, Path], Awaitable[None]]") -> int:
    """Runs something on the wanted connection; expected failures are one line on stderr."""
    import asyncio
    import json

    from kefu_desk.domain.failure import DeskError, Failure
    from kefu_desk.wechat.errors import WeChatError
    from kefu_desk.wechat.failures import failure_of

    def tell(failure: Failure) -> int:
        body = {"error": failure.category.value, "code": failure.code, "rid": failure.rid,
                "detail": failure.detail or failure.text.key}  # fmt: skip
        print(json.dumps(body, ensure_ascii=False), file=sys.stderr)
        return REFUSED

    try:
        with _source(options) as (connection, folder):
            asyncio.run(run(connection, folder))  # type: ignore[arg-type]  # every `run` here is a coroutine function
    except DeskError as error:
        return tell(error.failure)
    except WeChatError as error:
        return tell(failure_of(error))
    except KeyboardInterrupt:
        return 130
    return 0


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
    """A profile and its secret; a secret that is not stored is asked for, where somebody can answer."""
    from getpass import getpass

    from kefu_desk.app.accounts import Accounts
    from kefu_desk.profiles.secrets import Secret

    accounts = Accounts(home)
    name = wanted or (await accounts.settings()).last_profile
    if name is None:
        raise SystemExit("no profile yet: name one with --profile, or use --simulator day")
    typed = None
    if await accounts.secret(name) is None and sys.stdin.isatty():
        typed = Secret(getpass("AppSecret: "))
    return name, await accounts.connection(name, typed)
