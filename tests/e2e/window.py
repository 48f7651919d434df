"""The program in a process of its own, and a person in front of it: real X events, nothing else."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from tests.e2e.screen import Node, Screen
from tests.e2e.xlib import SPARE_KEYS, ask_to_close, type_words

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15.0
LOOK_EVERY = 0.05


def environment(home: Path) -> dict[str, str]:
    """The surroundings of a person at a desk: an X screen, UTF-8, and folders of their own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    return {
        **env,
        "QT_QPA_PLATFORM": "xcb",
        "KEFU_DESK_HOME": str(home),
        "LC_CTYPE": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }


class Window:
    """One run of the program. Reads through the probe, acts through the X server."""

    def __init__(self, home: Path, *arguments: str, secret_file: Path | str = "-") -> None:
        self._env = environment(home)
        self._errors = home / "stderr.txt"
        self._keys = deque(SPARE_KEYS)
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        with self._errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "tests/e2e/probe.py"), str(secret_file), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=self._env,
                cwd=ROOT,
                start_new_session=True,
            )

    # --- reading

    def ask(self, question: str, **words: Any) -> Any:
        """The probe's answer."""
        ears, mouth = self.process.stdin, self.process.stdout
        assert ears is not None
        assert mouth is not None
        ears.write(json.dumps({"ask": question, **words}).encode() + b"\n")
        ears.flush()
        with selectors.DefaultSelector() as waiting:
            waiting.register(mouth, selectors.EVENT_READ)
            assert waiting.select(PATIENCE), f"the window does not answer\n{self.errors()}"
        line = mouth.readline()
        assert line, f"the program has ended with {self.process.wait(5)}\n{self.errors()}"
        return json.loads(line)

    def look(self) -> Screen:
        """What is shown now."""
        return Screen([Node.read(node) for node in self.ask("tree")])

    def until(self, what: str, seen: Callable[[Screen], T | None], patience: float = PATIENCE) -> T:
        """Looks until something is there; it is returned."""
        end = time.monotonic() + patience
        while True:
            screen = self.look()
            found = seen(screen)
            if found:
                return found
            if time.monotonic() > end:
                picture = self.picture("failed")
                raise AssertionError(f"not seen: {what} (picture: {picture})\n{screen}\n{self.errors()}")
            time.sleep(LOOK_EVERY)

    def picture(self, name: str) -> Path:
        """The X screen as a file."""
        folder = Path(os.environ.get("KEFU_PICTURES", self.home))
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}.png"
        assert self.ask("picture", file=str(file))
        return file

    def errors(self) -> str:
        """What the program wrote to stderr and, in its log, about faults of its own."""
        logs = [path.read_text(encoding="utf-8") for path in (self.home / "logs").glob("*.log")]
        faults = [
            line for log in logs for line in log.splitlines() if " ERROR " in line or " CRITICAL " in line
        ]
        return "\n".join([self._errors.read_text(encoding="utf-8"), *faults]).strip()

    # --- acting

    def click(self, target: Node | tuple[int, int], *, times: int = 1) -> None:
        """Moves the pointer there and clicks."""
        self.point(target)
        self._x("click", "--repeat", str(times), "--delay", "60", "1")

    def point(self, target: Node | tuple[int, int]) -> None:
        """Moves the pointer there, as far as a hand would notice."""
        x, y = target.middle if isinstance(target, Node) else target
        self._x("mousemove", "--sync", str(x - 3), str(y - 2), "mousemove", str(x), str(y))
        time.sleep(LOOK_EVERY)

    def press(self, *keys: str) -> None:
        """Presses keys by their X names, such as `ctrl+j`."""
        self._x("key", *keys)

    def write(self, words: str) -> None:
        """Types a line, letter by letter."""
        type_words(words, self._keys)

    def activate(self) -> None:
        """Gives the keyboard to the window, as a window manager does with a new one."""
        self._x("windowfocus", "--sync", self.number())
        self.until("the active window", lambda screen: "active" in screen.window.states)

    def shrink(self, width: int, height: int) -> None:
        """Resizes the window."""
        self._x("windowsize", "--sync", self.number(), str(width), str(height))

    def number(self) -> str:
        """The X number of the main window."""
        found = self._x(
            "search", "--onlyvisible", "--all", "--pid", str(self.process.pid), "--name", "kefu-desk"
        )
        return found.split()[-1]

    def close(self) -> int:
        """Closes the window as a window manager does; the exit code."""
        ask_to_close(int(self.number()))
        return self.end()

    def end(self) -> int:
        """Waits for the end of the program and of everything that it started; the exit code."""
        code = self.process.wait(PATIENCE)
        assert not group_lives(self.process.pid), "a process was left behind"
        return code

    def kill(self) -> None:
        """Ends it whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def _x(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self._env,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"xdotool {arguments}: {done.stderr}"
        return done.stdout


def group_lives(leader: int) -> bool:
    """Whether any process of a session is still there."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True
