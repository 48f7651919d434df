"""The real program on the simulator with a folder of its own; prints when its first data were painted."""

import runpy
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

folder = sys.argv[1]


@contextmanager
def given_folder(**_: object) -> Iterator[str]:
    """In place of a folder that is thrown away."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    yield folder


tempfile.TemporaryDirectory = given_folder
sys.argv[1:] = ["data"]
runpy.run_path(str(Path(__file__).with_name("first_paint.py")), run_name="__main__")
