"""The simulator on a port, for programs in other processes."""

import asyncio
import os
import signal
import socket
import sys
import time

import uvicorn

from kefu_desk.app.protocol import noting
from kefu_desk.app.scenarios import begin
from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.clock import AheadClock
from kefu_desk.simulator.line import Lines

BACKLOG = 128
GRACE = 2


def serve(name: str, seed: int, host: str, port: int) -> int:
    """Serves until SIGINT or SIGTERM; says where, and with which credentials, on the first line.

    Raises:
        ValueError: saying what is wrong with the scenario.
    """
    opened = begin(name, seed=seed, now=time.time())
    world, lines = opened.world, Lines()
    config = uvicorn.Config(
        create_app(world, clock=AheadClock(time.time), lines=lines, begin=begin),
        http=noting(lines),
        log_level="warning",
        access_log=False,
        date_header=False,  # the simulator tells its own time
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    try:
        listener = listening(host, port)
    except (OSError, UnicodeError) as error:
        print(f"cannot listen on {host}:{port}: {reason(error)}", file=sys.stderr)
        return 1
    base = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    account = world.account
    server = uvicorn.Server(config)

    def end(_number: int, _frame: object) -> None:
        server.should_exit = True

    # uvicorn has handlers of its own only while it serves, and passes what it caught on to these
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with listener:
        print(
            f"{base} appid={account.appid} secret={account.secret} agent={opened.agent}"
            f" ledger={base}/__sim__/ledger",
            flush=True,
        )
        asyncio.run(server.serve(sockets=[listener]))
    return 0


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one."""
    host.encode("idna")  # Python would leave its socket open over a name that cannot be encoded
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def reason(error: Exception) -> str:
    """Why nothing can listen there, without the address that Python adds to it."""
    if not isinstance(error, OSError):
        return "no such address"
    number = error.errno or 0
    return os.strerror(number) if number > 0 else str(error.strerror)  # the resolver's numbers are negative
