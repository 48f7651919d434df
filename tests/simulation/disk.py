"""What a kill or a power cut leaves on the disk (reliability 5.8).

A connection of a killed process cannot be left open in ours, and closing it would tidy up. So the files are
remembered as they are, the connections are closed, and what that changed is put back into the same files.
"""

import os
import random
import sqlite3
import struct
from contextlib import suppress
from pathlib import Path

FULL = 2
WAL_HEADER, FRAME_HEADER = 32, 24
HEADER_COPY = 48
"""Bytes of one copy of the header of the WAL index; two of them stand before the checkpoint's own."""


def pull_the_plug(
    folder: Path, connections: list[sqlite3.Connection], rng: random.Random | None = None
) -> list[str]:
    """Ends all connections without a trace in the files; returns what was lost, in words.

    With `rng` the power fails: what was not synced may be lost. SQLite syncs each commit with FULL before it
    returns, and with NORMAL only what a checkpoint is about to copy.
    """
    levels = durability(connections)
    kept = {path: path.read_bytes() for path in folder.glob("*.db*") if not path.name.endswith("-shm")}
    lost = []
    if rng is not None:
        for path in [p for p in kept if p.name.endswith("-wal")]:
            name = path.name.removesuffix("-wal")
            if levels.get(name, FULL) < FULL:
                words = lose(kept, path, folder / f"{name}-shm", rng)
                lost += [words] if words else []
    links = [(path, path.with_name(path.name + ".same")) for path in kept]
    for path, link in links:
        os.link(path, link)
    for connection in connections:
        connection.close()
    connections.clear()
    for path, link in links:
        if link.read_bytes() != kept[path]:
            with link.open("r+b") as file:
                file.write(kept[path])
                file.truncate()
        if path.exists():
            link.unlink()
        else:
            link.rename(path)
    for index in folder.glob("*-shm"):
        index.unlink()
    return lost


def lose(kept: dict[Path, bytes], wal: Path, index: Path, rng: random.Random) -> str:
    """Cuts the remembered log somewhere after its last checkpoint."""
    whole = kept[wal]
    if len(whole) <= WAL_HEADER or not index.exists():
        return ""
    head = index.read_bytes()[: 2 * HEADER_COPY + 4]
    frames = struct.unpack_from("=I", head, 16)[0]
    synced = struct.unpack_from("=I", head, 2 * HEADER_COPY)[0]
    if frames <= synced:
        return ""
    page = struct.unpack_from(">I", whole, 8)[0]
    left = synced if rng.random() < 0.5 else rng.randint(synced, frames)
    kept[wal] = whole[: WAL_HEADER + left * (page + FRAME_HEADER)] if left else b""
    return f"{wal.name}: {frames - left} of {frames} frames"


def durability(connections: list[sqlite3.Connection]) -> dict[str, int]:
    """The `synchronous` of the connections that write, by the name of the file."""
    found: dict[str, int] = {}
    for connection in connections:
        with suppress(sqlite3.Error):  # one that is closed
            if connection.execute("PRAGMA query_only").fetchone()[0]:
                continue
            path = Path(connection.execute("PRAGMA database_list").fetchone()[2]).name
            found[path] = connection.execute("PRAGMA synchronous").fetchone()[0]
    return found
