"""The simulator on a port, for programs in other processes."""

import asyncio
import signal
import socket
import sys
import time

import uvicorn

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.scenario import DEMO_AGENT, scenario

BACKLOG = 128
GRACE = 2


def serve(name: str, seed: int, host: str, port: int) -> int:
    """Serves until SIGINT or SIGTERM; says where, and with which credentials, on the first line."""
    world = scenario(name, seed=seed, now=time.time())
    config = uvicorn.Config(
        create_app(world, clock=time.time),
        log_level="warning",
        access_log=False,
        date_header=False,  # the simulator tells its own time
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    try:
        listener = listening(host, port)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no such address"
        print(f"cannot listen on {host}:{port}: {reason}", file=sys.stderr)
        return 1
    base = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    account = world.account
    with listener:
        print(
            f"{base} appid={account.appid} secret={account.secret} agent={DEMO_AGENT}"
            f" ledger={base}/__sim__/ledger",
            flush=True,
        )
        # uvicorn ends in order, then raises the signal again for whoever had it before: that is us
        before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
        try:
            asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
        except KeyboardInterrupt:
            return 0
        finally:
            signal.signal(signal.SIGTERM, before)
    return 0


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)
