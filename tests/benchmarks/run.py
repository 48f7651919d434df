"""The speed promises of the product, each measured beside a floor of the same run: `make bench`.

    run.py [start] [clicks] [arrival] [idle] [client] [durable] [archive]     all when none is named

Nothing here asserts, since times are the machine's: each figure says whether it kept its budget.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("start", "clicks", "arrival", "idle", "client", "durable", "archive")


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
        return 2
    screen = bool(os.environ.get("DISPLAY"))
    environment = dict(os.environ, QT_QPA_PLATFORM="xcb" if screen else "offscreen")
    print(f"{'benchmark':44} {'figure':>24}   {'floor':>20}   budget")
    for name in names or NAMES:
        done = subprocess.run([sys.executable, HERE / f"{name}.py"], env=environment, check=False)
        if done.returncode:
            print(f"{name}: ended with {done.returncode}")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
