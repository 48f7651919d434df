"""The simulator on a port, for programs in other processes."""

import asyncio
import socket
import sys
import time

import uvicorn

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.scenario import DEMO_AGENT, scenario

BACKLOG = 128


def serve(name: str, seed: int, host: str, port: int) -> int:
    """Serves until interrupted; says where, and with which credentials, on the first line."""
    world = scenario(name, seed=seed, now=time.time())
    config = uvicorn.Config(
        create_app(world, clock=time.time),
        log_level="warning",
        access_log=False,
        date_header=False,  # the simulator tells its own time
        server_header=False,
    )
    try:
        listener = socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        print(f"cannot listen on {host}:{port}: {error.strerror}", file=sys.stderr)
        return 1
    number = listener.getsockname()[1]
    account = world.account
    print(
        f"http://{host}:{number} appid={account.appid} secret={account.secret} agent={DEMO_AGENT}"
        f" ledger=http://{host}:{number}/__sim__/ledger",
        flush=True,
    )
    try:
        asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
    except KeyboardInterrupt:
        return 0
    finally:
        listener.close()
    return 0
