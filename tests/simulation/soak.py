"""Plays new seeds for many virtual hours on all cores and sums up, as reliability 5.3 does.

    python -m tests.simulation.soak --hours 2

Ends with 1 when a promise was broken; the seeds that did it are printed with the ends of their traces.
"""

import argparse
import os
import random
import sys
import threading
import time
from collections import Counter
from typing import Any

from tests.simulation.run import Worker, told

EACH = 1800.0
"""Virtual seconds of bad weather for each seed."""

BATCH = 10
COLUMNS = {
    "I2": "sent twice",
    "I1": "lost",
    "I3": "false sent",
    "I4": "false failed",
    "I5": "wrong customer",
    "I6": "order",
    "I7": "over budget",
    "I8": "never settled",
    "I9": "archive",
    "I10": "leaks",
    "I11": "faults",
    "I12": "two owners",
}


class Tally:
    """What all workers have found so far."""

    def __init__(self, hours: float) -> None:
        self.wanted = hours
        self.hours = 0.0
        self.seeds = 0
        self.counts: Counter[str] = Counter()
        self.broken: list[dict[str, Any]] = []
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def done(self) -> bool:
        """Whether enough was played."""
        return self.hours >= self.wanted

    def add(self, result: dict[str, Any]) -> None:
        """Takes one seed, and says how far it all is."""
        with self._lock:
            self.hours += result["hours"]
            self.seeds += 1
            self.counts.update(result["counts"])
            if result["broken"]:
                self.broken.append(result)
                print(f"seed={result['seed']} seconds={EACH:g} {result['broken']}", flush=True)
            if self.seeds % BATCH == 0:
                print(self.line(), flush=True)

    def line(self) -> str:
        """Progress in one line."""
        minutes = (time.monotonic() - self._began) / 60
        return (
            f"{self.hours:8.1f} h  {self.seeds} seeds  {self.counts['messages']} messages"
            f"  {self.counts['crashes']} crashes  {len(self.broken)} broken  {self.hours / minutes:.0f} h/min"
        )

    def table(self) -> str:
        """The sums, as a table."""
        kinds = Counter(str(result["broken"]).partition(":")[0] for result in self.broken)
        head = ["simulated", "messages", "delivered", "crashes", "power cuts", *COLUMNS.values()]
        row = [f"{self.hours:.1f} h", *(str(self.counts[name]) for name in head[1:5])]
        row += [str(kinds[kind]) for kind in COLUMNS]
        wide = [max(len(a), len(b)) for a, b in zip(head, row, strict=True)]
        return "\n".join(
            "| " + " | ".join(cell.rjust(width) for cell, width in zip(cells, wide, strict=True)) + " |"
            for cells in (head, row)
        )


def work(seeds: random.Random, tally: Tally) -> None:
    """Plays batches of seeds until there are enough."""
    while not tally.done():
        with Worker([seeds.getrandbits(32) for _ in range(BATCH)], EACH) as worker:
            for result in worker.results():
                tally.add(result)
                if tally.done():
                    return


def main() -> int:
    """Runs for that many virtual hours."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--from-seed", type=int, help="repeats the seeds of another run")
    wanted = parser.parse_args()
    first = wanted.from_seed if wanted.from_seed is not None else int.from_bytes(os.urandom(4), "big")
    print(f"soak: {wanted.hours:g} virtual hours, --from-seed {first}", flush=True)
    tally = Tally(wanted.hours)
    workers = [
        threading.Thread(target=work, args=(random.Random(f"{first} {n}"), tally))
        for n in range(os.cpu_count() or 1)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for result in tally.broken[:3]:
        print(told(result))
    print(tally.line())
    print(tally.table())
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
