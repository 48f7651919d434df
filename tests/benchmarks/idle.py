"""CPU of a desk that nobody touches, over a minute, against a bare window in the same run."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

from figures import line
from stage import opened, perform, until

from kefu_desk.app.compose import Connection
from kefu_desk.app.stage import Stage
from kefu_desk.domain.ids import AgentId

SECONDS = 60


def serve() -> tuple[subprocess.Popen[str], Connection]:
    """The simulator in a process of its own, so that its work is not counted."""
    command = [sys.executable, "-m", "kefu_desk", "simulate", "--port", "0", "--scenario", "quiet"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert server.stdout is not None
    url, *words = server.stdout.readline().split()
    said = dict(word.split("=", 1) for word in words)
    secret = said["secret"]
    return server, Connection("生活馆", said["appid"], AgentId(said["agent"]), lambda: secret, base_url=url)


async def spent(seconds: float) -> float:
    """CPU seconds of this process per second."""
    began = time.process_time()
    await asyncio.sleep(seconds)
    return (time.process_time() - began) / seconds


async def play(stage: Stage) -> None:
    floor = await spent(5)
    server, connection = serve()
    try:
        async with opened(stage, connection) as desk:
            await until(lambda: desk.store.state.agents.known)
            await asyncio.sleep(3)
            share = await spent(SECONDS)
    finally:
        server.terminate()
        server.wait()
    line(
        f"idle desk, CPU of one core over {SECONDS} s",
        f"{share * 100:.2f} %",
        f"no desk {floor * 100:.2f} %",
        "≤ 1 %",
        kept=share <= 0.01,
    )


if __name__ == "__main__":
    perform(play)
