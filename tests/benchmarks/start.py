"""Process start to first painted window, and to the first painted data, against a bare PySide6 window.

Each start is compared with the bare window started right before it, because the speed of a shared machine
moves by a third within a minute; the figure is the median of these ratios.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from figures import line

HERE = Path(__file__).resolve().parent
ROUNDS = 15


def seconds(program: str, *words: str) -> float:
    """From before the process exists to the moment it reports, on the clock that all processes share."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, HERE / program, *words]
        environment = {**os.environ, "KEFU_DESK_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
        began = time.monotonic()
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=True
        )
    return float(done.stdout.split()[-1]) - began


def main() -> None:
    measured: dict[str, list[float]] = {"bare": [], "paint": [], "data": []}
    seconds("first_paint.py", "data")  # brings the files into memory
    for _ in range(ROUNDS):
        measured["bare"].append(seconds("bare_window.py"))
        measured["paint"].append(seconds("first_paint.py", "paint"))
        measured["data"].append(seconds("first_paint.py", "data"))
    bare = median(measured["bare"])
    for name, words, limit in (
        ("paint", "start → first painted window", 1.5),
        ("data", "start → first painted simulator data", 3.0),
    ):
        ratio = median(ours / floor for ours, floor in zip(measured[name], measured["bare"], strict=True))
        line(
            words,
            f"{median(measured[name]) * 1e3:.0f} ms = {ratio:.2f} ×",
            f"bare {bare * 1e3:.0f} ms",
            f"≤ {limit} ×",
            kept=ratio <= limit,
        )


if __name__ == "__main__":
    main()
