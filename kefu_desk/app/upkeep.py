"""What goes on beside a desk for its files: back-ups, a late look at a large archive, some spare room."""

import asyncio
import logging
from contextlib import suppress

from kefu_desk.app.crash import hide_memory
from kefu_desk.app.files import Files
from kefu_desk.desk.ports import Clock
from kefu_desk.domain.failure import DeskError
from kefu_desk.storage.backup import back_up
from kefu_desk.storage.custody import keep_reserve
from kefu_desk.storage.place import log_fault, sqlite_version

FIRST = 30.0
"""Seconds after the start; what the agent sees first needs the disk more."""

HOUR = 3600.0

log = logging.getLogger(__name__)


async def keep_up(files: Files, clock: Clock) -> None:
    """Looks at what the start had no time for, then keeps a back-up of the outbox each hour until cancelled.

    A back-up that fails is logged; it changes neither the outbox nor the back-ups that are there.
    """
    hide_memory()
    never = asyncio.Event()
    await clock.pause(FIRST, never)
    if log_fault():
        log.info("SQLite %s: one connection alone writes and moves the log", sqlite_version())
    if files.archive.unchecked:
        with suppress(DeskError):  # told by the file itself
            await files.archive.check()
    while True:
        try:
            await files.outbox.aside(lambda connection: back_up(connection, files.outbox.path))
            await files.outbox.aside(lambda _: keep_reserve(files.outbox.path.parent))
        except DeskError as error:
            log.warning("no back-up of the outbox: %s", error.failure.detail)
        except OSError as error:
            log.warning("no back-up of the outbox: %s", error.strerror)
        await clock.pause(HOUR, never)
