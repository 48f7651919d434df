"""Who looks after one file: when it is opened, found damaged, full or closed."""

import sqlite3
from pathlib import Path

from msgspec import Struct

from kefu_desk.domain.failure import DeskError, Failure
from kefu_desk.domain.text import Text


class Finding(Struct, frozen=True):
    """Something about a file that the agent should read once; `failure` holds the details for support."""

    words: Text
    failure: Failure


class Keeper:
    """Looks after a file from inside the thread that writes it; this one leaves everything as it is.

    `heals` tells that a file which turns out to be damaged while it is in use may be mended on the spot,
    `doubtful`, once it was prepared, that its pages want a look, and `logged` that it may have a write-ahead
    log.
    """

    heals = False
    doubtful = False
    logged = True

    def prepare(self, path: Path, schema: Path) -> Finding | None:
        """Looks at the closed file before it is opened."""

    def mend(self, path: Path, schema: Path, fault: DeskError) -> Finding | None:
        """Puts a file that opens, or none, in the place of a damaged one; None when that cannot be done."""

    def arrived(self, connection: sqlite3.Connection, path: Path) -> Finding | None:
        """Looks at the open file at the newest schema, before anybody else uses it."""

    def make_room(self, path: Path) -> Path | None:
        """Gives the full disk some room; the file that was given up, or None when there is none left."""

    def leaving(self, connection: sqlite3.Connection, path: Path) -> None:
        """Sees the file for the last time, when all is in it; the connection is closed next."""

    def left(self, path: Path) -> None:
        """The file was closed in order."""
