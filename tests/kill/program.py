"""The desk without a window in a process of its own: orders come in as lines of JSON, facts go out so."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from msgspec import Struct

from kefu_desk.app.clock import SystemClock
from kefu_desk.app.compose import Connection, Means, open_desk
from kefu_desk.app.headless import fact_line
from kefu_desk.app.instance import Instance
from kefu_desk.desk.commands import Commands
from kefu_desk.desk.runtime import Desk
from kefu_desk.domain import facts as f
from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId
from kefu_desk.domain.outbox import Decision
from tests.kill.doom import Doom, arm, at_the_brim

TOLD = (
    f.OutboxRecovered, f.OutboxChanged, f.EvidenceFound, f.LookedUp, f.DraftsLoaded, f.WordsReturned,
    f.SendRefused, f.NoticeRaised, f.CommandCrashed,
)  # fmt: skip


class Life(Struct):
    """How one process is to live: on which files, with which simulator, at what time, and where it dies."""

    folder: str
    url: str
    appid: str
    secret: str
    agent: str
    hold: float = 0.0
    ahead: float = 0.0
    at: str = ""
    nth: int = 1


class LaterClock(SystemClock):
    """The time of this computer, some seconds later."""

    def __init__(self, ahead: float) -> None:
        self._ahead = ahead

    def now(self) -> float:
        return time.time() + self._ahead


def say(**words: object) -> None:
    """One line; it is out of this process when this returns."""
    tell(json.dumps(words))


def tell(line: str) -> None:
    data = line.encode() + b"\n"
    while data:
        data = data[os.write(1, data) :]


async def obey(commands: Commands, order: dict[str, Any]) -> None:
    """Does what a line asks for and tells when the desk has taken it."""
    openid = OpenId(order.get("openid", ""))
    match order["do"]:
        case "send":
            took = await commands.send_text(openid, order["text"], anyway=True)
            say(said="took" if took else "refused", text=order["text"])
        case "draft":
            await commands.keep_draft(openid, order["text"])
            say(said="kept", text=order["text"])
        case "undo":
            say(said="undone", text=await commands.undo(openid))
        case "brim":
            at_the_brim(Path(order["folder"]), order["more"])
            say(said="brim")
        case "answer":
            await commands.answer(OutboxId(order["number"]), Decision(order["decision"]))
            say(said="answered", number=order["number"])


async def follow(desk: Desk, closing: asyncio.Event) -> None:
    """Obeys the lines of the input until it ends."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    with os.fdopen(0, "rb", closefd=False) as orders:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), orders)
        while line := await reader.readline():
            order = json.loads(line)
            if order["do"] == "quit":
                break
            desk.runner.start(order["do"], obey(desk.commands, order))
        closing.set()


async def live(life: Life) -> None:
    """The desk as the program opens it, on the folder, until told to quit or killed."""
    arm(Doom(life.at, life.nth))
    secret = life.secret
    connection = Connection(
        "店",
        life.appid,
        AgentId(life.agent),
        lambda: secret,
        base_url=life.url,
        vault=f.Vault.NONE,
        hold=life.hold,
    )
    folder = Path(life.folder)
    with Instance(folder):
        async with open_desk(connection, folder, Means(clock=LaterClock(life.ahead))) as desk:
            await serve(desk)


async def serve(desk: Desk) -> None:
    """Runs the desk, tells what it does, and obeys."""
    closing = asyncio.Event()

    def listen(fact: f.Fact) -> None:
        if isinstance(fact, TOLD):
            tell(fact_line(fact))
        if isinstance(fact, f.OutboxRecovered):
            asyncio.get_running_loop().call_soon(lambda: say(said="ready"))

    desk.store.listen(listen)
    async with asyncio.TaskGroup() as group:
        group.create_task(desk.run(closing))
        group.create_task(follow(desk, closing))


def main(life: Life) -> int:
    """Lives once; the code of the process."""
    try:
        asyncio.run(live(life))
    except DeskError as error:
        print(error.failure, file=sys.stderr)
        return 1
    return 0
