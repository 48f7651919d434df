"""The archive of two million messages: writing with the index, opening a conversation, searching, starting.

Run with `cold FILE WORDS` it tells how long one search takes in a process of its own. KEFU_ARCHIVE names a
folder that keeps the big archive for another run.
"""

import asyncio
import gc
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from figures import line, quantile, spread
from talk import Talk

from kefu_desk.domain.search import Search, folded
from kefu_desk.storage import ARCHIVE_SCHEMA
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.storage.database import Database
from kefu_desk.storage.search import find

HERE = Path(__file__).resolve().parent
STEPS = (20_000, 200_000, 2_000_000)
PAGE = 10_000
LENGTHS = (1, 2, 3, 4, 6)
NEEDLES = 120
STARTS = 9
ORACLE = 6
COLD = 4
LATEST = 200
WRITES = 20_000
WARM, FRESH, OPEN = 0.010, 0.060, 0.002

PLAIN = """
CREATE TABLE record (
  id INTEGER PRIMARY KEY, openid TEXT, worker TEXT, opercode INTEGER, text TEXT, time INTEGER
);
CREATE INDEX conversation ON record (openid, time, id);
"""


def opened(path: Path) -> AbstractAsyncContextManager[Database]:
    return Database.open(path, schema=ARCHIVE_SCHEMA, synchronous="NORMAL")


async def grow(archive: SqliteArchive, talk: Talk, count: int) -> tuple[list[float], list[float]]:
    """Adds records page by page and returns the seconds that each page took, and those of CPU."""
    taken, worked = [], []
    for _ in range(count // PAGE):
        page = talk.page(PAGE)
        began, busy = time.perf_counter(), time.process_time()
        await archive.add(page)
        worked.append(time.process_time() - busy)
        taken.append(time.perf_counter() - began)
    return taken, worked


def grow_plain(path: Path, pages: int) -> tuple[list[float], list[float]]:
    """The peer: a table that LIKE would search, with the index that opens a conversation."""
    talk, taken, worked = Talk(2), list[float](), list[float]()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(PLAIN)
        for _ in range(pages):
            page = talk.page(PAGE)
            began, busy = time.perf_counter(), time.process_time()
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO record (openid, worker, opercode, text, time) VALUES (?, ?, ?, ?, ?)",
                [(r.openid, r.worker, r.opercode, r.text, r.time) for r in page],
            )
            connection.execute("COMMIT")
            worked.append(time.process_time() - busy)
            taken.append(time.perf_counter() - began)
    return taken, worked


async def timed(act: Callable[[], object]) -> tuple[float, object]:
    began = time.perf_counter()
    value = await act()  # type: ignore[misc]
    return time.perf_counter() - began, value


def needles(texts: list[str], length: int, rng: Random) -> list[str]:
    """Parts of texts that are there, and for a quarter two ends put together that hardly are."""
    found: list[str] = []
    while len(found) < NEEDLES:
        one = folded(rng.choice(texts))
        if len(found) % 4 == 3 and length > 1:
            one = one[: length // 2] + folded(rng.choice(texts))[: length - length // 2]
        start = rng.randrange(max(1, len(one) - length + 1))
        form = one[start : start + length]
        if len(form) == length and form == folded(form):
            found.append(form)
    return found


def texts_of(path: Path, count: int) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        low, high = connection.execute("SELECT min(id), max(id) FROM line").fetchone()
        rng, pick = Random(4), "SELECT text FROM line WHERE id >= ? ORDER BY id LIMIT 1"
        return [connection.execute(pick, (rng.randint(low, high),)).fetchone()[0] for _ in range(count)]


def looked_through(path: Path, forms: list[str]) -> tuple[dict[str, list[int]], float]:
    """The oracle: every text of the archive, newest first, compared as it is; seconds for one needle."""
    found: dict[str, list[int]] = {form: [] for form in forms}
    began = time.perf_counter()
    with closing(sqlite3.connect(path)) as connection:
        for number, text in connection.execute("SELECT id, text FROM line ORDER BY id DESC"):
            plain = folded(text)
            for form, hits in found.items():
                if form in plain and len(hits) < 50:
                    hits.append(number)
    return found, time.perf_counter() - began


def like(path: Path, form: str) -> float:
    with closing(sqlite3.connect(path)) as connection:
        began = time.perf_counter()
        connection.execute(
            "SELECT id FROM line WHERE text LIKE ? ORDER BY id DESC LIMIT 50", (f"%{form}%",)
        ).fetchall()
        return time.perf_counter() - began


async def searched(path: Path) -> None:
    """Searching warm, against the oracle, and cold."""
    texts, rng = texts_of(path, 2000), Random(6)
    wanted = {length: needles(texts, length, rng) for length in LENGTHS}
    proof = [form for length in LENGTHS for form in wanted[length][:ORACLE]]
    oracle, seconds = looked_through(path, proof)
    false = missed = 0
    async with opened(path) as database:
        archive = SqliteArchive(database)
        for form in proof:
            hits = [(r.time, r.text) for r in await archive.search(Search(form))]
            right = [times_of(path, number) for number in oracle[form]]
            false += len([hit for hit in hits if hit not in right])
            missed += len([hit for hit in right if hit not in hits])
        print(f"{len(proof)} needles against all texts: {false} false hits, {missed} missed", flush=True)
        for length, forms in wanted.items():
            for form in forms:
                await archive.search(Search(form))
            gc.collect()
            taken = [(await timed(lambda form=form: archive.search(Search(form))))[0] for form in forms]
            plain = [like(path, form) for form in forms[:5]]
            cold = [coldly(path, form) for form in forms[:COLD]]
            p99 = quantile(taken, 0.99)
            line(
                f"newest 50 of {length} characters, warm",
                spread(taken),
                f"LIKE max {max(plain) * 1e3:.0f} ms",
                "p99 ≤ 10 ms",
                kept=p99 <= WARM,
            )
            line(
                f"newest 50 of {length} characters, cold",
                f"max {max(cold) * 1e3:.1f} ms",
                f"every text {seconds:.1f} s",
                "≤ 60 ms",
                kept=max(cold) <= FRESH,
            )


def times_of(path: Path, number: int) -> tuple[int, str]:
    with closing(sqlite3.connect(path)) as connection:
        text = connection.execute("SELECT text FROM line WHERE id = ?", (number,)).fetchone()[0]
    return number >> 20, text


def coldly(path: Path, form: str) -> float:
    """Seconds of a search in a fresh process, on a file that no cache holds where the system can be told."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    words = json.dumps(form)
    done = subprocess.run(
        [sys.executable, HERE / "archive.py", "cold", path, words], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


async def cold(path: Path, form: str) -> None:
    async with opened(path) as database:
        print((await timed(lambda: find(database, Search(form))))[0])


async def conversations(path: Path) -> None:
    """Opening conversations, each for the first time in this process and once more."""
    with closing(sqlite3.connect(path)) as connection:
        count = connection.execute("SELECT count(*) FROM customer").fetchone()[0]
        rng, pick = Random(8), "SELECT openid FROM customer WHERE id = ?"
        some = [connection.execute(pick, (rng.randint(1, count),)).fetchone()[0] for _ in range(400)]
    async with opened(path) as database:
        archive = SqliteArchive(database)
        for openid in some:
            await archive.latest(openid, LATEST)
        nothing = [(await timed(lambda: database.read(lambda _: None)))[0] for _ in some]
        taken = [(await timed(lambda o=openid: archive.latest(o, LATEST)))[0] for openid in some]
        rows = [len(await archive.latest(openid, LATEST)) for openid in some[:50]]
        digests = [
            (await timed(lambda n=n: archive.digests(some[n : n + 50])))[0] / 50 for n in range(0, 400, 50)
        ]
    p99 = quantile(taken, 0.99)
    floor = f"no work p99 {quantile(nothing, 0.99) * 1e3:.1f} ms"
    line(f"open a conversation (latest {LATEST})", spread(taken), floor, "p99 ≤ 2 ms", kept=p99 <= OPEN)
    print(f"    mean {sum(rows) / len(rows):.0f} records; a digest takes {median(digests) * 1e6:.0f} µs")


def started(path: Path) -> None:
    """A desk on this archive beside one on an empty archive, in turns, each in a process."""
    with tempfile.TemporaryDirectory() as folder:
        empty, full = Path(folder) / "empty", Path(folder) / "full"
        full.mkdir()
        try:
            os.link(path, full / "archive.db")
        except OSError:
            shutil.copy(path, full / "archive.db")
        pairs = [(begun(empty), begun(full)) for _ in range(STARTS)]
    ratio = median(one / other for other, one in pairs)
    line(
        "start → first painted data, full archive",
        f"{median(one for _, one in pairs) * 1e3:.0f} ms = {ratio:.2f} ×",
        f"empty {median(other for other, _ in pairs) * 1e3:.0f} ms",
        "≤ 1.2 ×",
        kept=ratio <= 1.2,
    )


def begun(folder: Path) -> float:
    """Seconds to the first data; what that start wrote is thrown away."""
    from start import seconds

    taken = seconds("archive_start.py", str(folder))
    for rest in folder.glob("archive.db-*"):
        rest.unlink()
    return taken


def size_of(path: Path) -> int:
    return path.stat().st_size


async def built(path: Path) -> None:
    """Grows the archive step by step and tells what each step costs."""
    talk, size = Talk(1), 0
    for count in STEPS:
        async with opened(path) as database:
            archive = SqliteArchive(database)
            taken, worked = await grow(archive, talk, count - size)
            size = count
            form = needles(texts_of(path, 300), 2, Random(1))[:40]
            found = [(await timed(partial(archive.search, Search(f))))[0] for f in form * 2][40:]
        speed = PAGE / median(taken)
        with tempfile.TemporaryDirectory() as folder:
            plain, plain_worked = grow_plain(Path(folder) / "plain.db", 5)
        peer = PAGE / median(plain)
        line(
            f"records written a second, up to {count:,}",
            f"{speed:,.0f} = 1/{peer / speed:.1f} of LIKE-only",
            f"LIKE-only {peer:,.0f}",
            f"≥ {WRITES:,}",
            kept=speed >= WRITES,
        )
        print(
            f"    {size_of(path) / 1e6:,.0f} MB; 2 characters {spread(found)};"
            f" worst page {max(taken) * 1e3:.0f} ms;"
            f" CPU {median(worked) / PAGE * 1e6:.0f} µs a record, LIKE-only"
            f" {median(plain_worked) / PAGE * 1e6:.0f} µs"
        )


async def main() -> None:
    kept = os.environ.get("KEFU_ARCHIVE")
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(kept or temporary) / "archive.db"
        if not path.exists():
            await built(path)
        await conversations(path)
        await searched(path)
        started(path)


if __name__ == "__main__":
    if sys.argv[1:2] == ["cold"]:
        asyncio.run(cold(Path(sys.argv[2]), json.loads(sys.argv[3])))
    else:
        asyncio.run(main())
