"""Plays seeds as a program of its own, so that all cores and always the same order of sets are used.

    python -m tests.simulation.run --seconds 900 --mutation "NORMAL sync" 1 2 3

Prints one line of JSON for each seed; stops after the first that breaks something with `--first`.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Self

from tests.simulation.mutations import MUTATIONS, mutated
from tests.simulation.play import play

ROOT = Path(__file__).resolve().parents[2]
LINES = 400
"""As much of the trace of a failing seed is printed."""


def main() -> int:
    """Plays the seeds that are named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--mutation", choices=sorted(MUTATIONS))
    parser.add_argument("--first", action="store_true")
    parser.add_argument("seeds", type=int, nargs="+")
    wanted = parser.parse_args()
    with mutated(wanted.mutation) if wanted.mutation else nullcontext():
        for seed in wanted.seeds:
            report = play(seed, wanted.seconds)
            line = {"seed": seed, "broken": report.broken, "counts": report.counts, "hours": report.hours}
            print(json.dumps(line | {"trace": report.trace[-LINES:]}, ensure_ascii=False), flush=True)
            if report.broken and wanted.first:
                break
    return 0


class Worker:
    """Some seeds in a process of their own."""

    def __init__(self, seeds: Iterable[int], seconds: float, *options: str) -> None:
        command = [sys.executable, "-m", "tests.simulation.run", "--seconds", str(seconds), *options]
        self._process = subprocess.Popen(
            [*command, *map(str, seeds)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def results(self) -> Iterator[dict[str, Any]]:
        """What came of each seed.

        Raises:
            RuntimeError: when the process failed.
        """
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield json.loads(line)
        if self._process.wait() != 0:
            raise RuntimeError(f"the process that plays the seeds ended with {self._process.returncode}")


def told(result: dict[str, Any]) -> str:
    """A failing seed with the end of its trace."""
    return "\n".join([f"seed={result['seed']} {result['broken']}", *result["trace"]])


if __name__ == "__main__":
    raise SystemExit(main())
