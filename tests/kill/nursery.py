"""A process that has everything imported and forks a desk for each life that it is asked for.

So a desk that is killed a hundred times costs a hundred forks and not a hundred starts of Python. It is asked
over a socket: a life and three open files in, the number of the process out; a number in, its exit code out.
"""

import array
import importlib
import os
import pkgutil
import socket
import sys
import traceback
from functools import cache

import anyio._backends._asyncio
import certifi
import httpcore
import msgspec

from kefu_desk import desk, storage, wechat
from kefu_desk.wechat import trust
from tests.kill.program import Life, main

WITH_THE_FIRST_CALL = (anyio._backends._asyncio, certifi, httpcore)
"""What httpx imports when it is first used."""

FILES = 3
LONGEST = 65536


def born(life: Life, files: "array.array[int]") -> int:
    """The number of a new process that lives so."""
    pid = os.fork()
    if pid:
        return pid
    code = 2
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        code = main(life)
    except BaseException:  # noqa: BLE001  nothing of the fork may run on in the loop below
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def serve(line: socket.socket) -> None:
    """Answers until the other side is gone."""
    while True:
        asked, files, _, _ = socket.recv_fds(line, LONGEST, FILES)
        if not asked:
            return
        if files:
            line.send(str(born(msgspec.json.decode(asked, type=Life), array.array("i", files))).encode())
            for file in files:
                os.close(file)
        else:
            line.send(str(os.waitstatus_to_exitcode(os.waitpid(int(asked), 0)[1])).encode())


def learn() -> None:
    """Imports what a desk would import when it first needs it."""
    for package in (desk, storage, wechat):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    vars(trust)["tls_context"] = cache(trust.tls_context)  # nobody needs it over loopback; it costs 60 ms
    trust.tls_context()


if __name__ == "__main__":
    learn()
    with socket.socket(fileno=int(sys.argv[1])) as line:
        serve(line)
