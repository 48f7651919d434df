"""Takes a fresh machine to a running kefu-desk: system packages, environment from the locks, the program.

    bootstrap.py setup           system packages and environment for everything below
    bootstrap.py demo [ARGS]     the window on the simulator; without a display the demo plays itself
    bootstrap.py test [ARGS]     all tests, with a virtual screen and a real keyring (ARGS go to pytest)
    bootstrap.py check           format, lint, types, imports, conventions, translations, locks
    bootstrap.py bench [ARGS]    the benchmarks
    bootstrap.py soak [HOURS]    new seeds of the simulation for that many virtual hours
    bootstrap.py bundle          the program as a folder, dist/kefu-desk

Needs Python 3.11 to 3.13 and nothing else. Ends with 3 when only a person can install what is missing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "packaging" / "locks" / "dev.lock"
STAMP = VENV / "kefu-desk-setup.json"
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
BASE_PYTHON = getattr(sys, "_base_executable", None) or sys.executable  # not the one inside .venv
COMMANDS = ("setup", "demo", "test", "check", "bench", "soak", "bundle")
OLDEST, TOO_NEW = (3, 11), (3, 14)
SCREEN = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24"]


def run(*command: str | Path, env: dict[str, str] | None = None) -> int:
    """Runs a program in the project's folder and returns its exit code."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=False).returncode


def become(command: list[str | Path], env: dict[str, str]) -> int:
    """Goes on as another program, so that signals and the exit code are its own (not on Windows)."""
    words = [str(part) for part in command]
    os.chdir(ROOT)
    if WINDOWS:
        return subprocess.run(words, env=env, check=False).returncode
    sys.stdout.flush()
    os.execvpe(words[0], words, env)
    raise AssertionError("execvpe does not return")


# --- the interpreter ------------------------------------------------------------------------------


def fits(version: tuple[int, ...]) -> bool:
    """Whether kefu-desk runs on a Python version."""
    return OLDEST <= version[:2] < TOO_NEW


def other_python() -> str | None:
    """A Python on the PATH that fits, when the one that runs this does not."""
    question = "import sys; print(*sys.version_info[:2])"
    for minor in (11, 12, 13):
        path = shutil.which(f"python3.{minor}")
        if path is None:
            continue
        answer = subprocess.run([path, "-c", question], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and fits(tuple(map(int, answer.stdout.split()))):
            return path
    return None


# --- the environment ------------------------------------------------------------------------------


def digest(path: Path) -> str:
    """What a file holds, in short."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wanted_stamp() -> dict[str, str]:
    """What an environment that is up to date was made from."""
    return {"lock": digest(LOCK), "project": digest(ROOT / "pyproject.toml"), "root": str(ROOT)}


def present_stamp() -> dict[str, str]:
    """What the environment was made from; empty when there is none or its making was cut short."""
    if not PYTHON.exists():
        return {}
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def find_uv() -> str | None:
    """uv, when it is there and works (a pyenv shim of another Python does not)."""
    path = shutil.which("uv")
    if path is None:
        return None
    works = subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0
    return path if works else None


def install_with_uv(uv: str, *, same_lock: bool) -> bool:
    """Makes or updates the environment with uv; False when uv could not."""
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    target = ["--python", str(PYTHON)]
    if not PYTHON.exists() and run(uv, "venv", "-q", "--clear", "--python", BASE_PYTHON, VENV, env=env):
        return False
    if not same_lock and run(uv, "pip", "sync", "-q", *target, "--require-hashes", LOCK, env=env):
        return False
    project = ["--no-deps", "--no-build-isolation", "-e", "."]
    return run(uv, "pip", "install", "-q", *target, *project, env=env) == 0


def install_with_pip(*, same_lock: bool) -> bool:
    """Makes or updates the environment with the standard library's venv and pip."""
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    has_pip = PYTHON.exists() and run(PYTHON, "-c", "import pip") == 0
    if not (has_pip and same_lock):
        # pip does not remove what a new lock no longer names, so a new lock means a new environment
        if run(BASE_PYTHON, "-m", "venv", "--clear", VENV):
            return False
        if run(*pip, "--require-hashes", "-r", LOCK):
            return False
    return run(*pip, "--no-deps", "--no-build-isolation", "-e", ".") == 0


def provide_environment() -> None:
    """Makes sure that .venv holds exactly the lock and this project."""
    have, want = present_stamp(), wanted_stamp()
    if have == want:
        return
    same_lock = have.get("lock") == want["lock"] and have.get("root") == want["root"]
    print("environment:", VENV, "update" if have else "new", flush=True)
    STAMP.unlink(missing_ok=True)
    uv = find_uv()
    done = install_with_uv(uv, same_lock=same_lock) if uv else False
    if uv and not done:
        print("uv could not make the environment; pip tries.", file=sys.stderr)
        system_packages.provide("python", needs_venv=True)
    if not done and not install_with_pip(same_lock=same_lock and not uv):
        raise SystemExit("The environment could not be made; the reason is above.")
    STAMP.write_text(json.dumps(want), encoding="utf-8")


# --- the commands ---------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    """What is started gets a UTF-8 locale, which Qt and xdotool need, and finds .venv's programs first."""
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(BIN), env.get("PATH", "")])
    env["VIRTUAL_ENV"] = str(VENV)
    env.pop("PYTHONHOME", None)
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or "C"
    if LINUX and locale in ("C", "POSIX"):
        env.pop("LC_ALL", None)
        env["LC_CTYPE"] = "C.UTF-8"
    return env


def x_server_answers(display: str) -> bool:
    """Whether a local X display really listens; a remote one is taken at its word."""
    host, _, rest = display.rpartition(":")
    if host not in ("", "unix"):
        return True
    path = f"/tmp/.X11-unix/X{rest.split('.')[0]}"  # fixed by X11
    for address in (path, "\0" + path):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False


def has_display(env: dict[str, str]) -> bool:
    """Whether a window can be shown."""
    if env.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal"):
        return False
    if not LINUX:
        return True
    display = env.get("DISPLAY", "")
    return bool(env.get("WAYLAND_DISPLAY")) or (bool(display) and x_server_answers(display))


def demo(arguments: list[str]) -> int:
    """Opens the window on the simulator, or plays the demo when nobody could see a window."""
    env = environment()
    command: list[str | Path] = [PYTHON, "-m", "kefu_desk", "demo"]
    if has_display(env):
        return become([*command, *arguments], env)
    picture = Path("build", "demo.png")
    (ROOT / "build").mkdir(exist_ok=True)
    print(f"No display: the demo plays itself and paints {picture}.", flush=True)
    env["QT_QPA_PLATFORM"] = "offscreen"
    return become([*command, "--play", "--shot", picture, *arguments], env)


def on_virtual_screen(command: list[str | Path], env: dict[str, str]) -> int:
    """Goes on as a command that (on Linux) sees a fresh X screen and no other display."""
    if not LINUX:
        return become(command, env)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR"):
        env.pop(name, None)
    return become(command, {**env, "XDG_SESSION_TYPE": "x11"})


def test(arguments: list[str]) -> int:
    """All tests; on Linux nothing may be skipped for want of a screen or a keyring."""
    env = environment()
    command: list[str | Path] = [PYTHON, "-m", "pytest", *arguments]
    if not LINUX:
        return become(command, env)
    env.update(KEFU_REQUIRE_KEYRING="1", KEFU_REQUIRE_DISPLAY="1")
    return on_virtual_screen(["sh", "packaging/with-keyring.sh", *SCREEN, *command], env)


def bench(arguments: list[str]) -> int:
    """The benchmarks, on a virtual screen where there is one."""
    screen = SCREEN if LINUX else []
    return on_virtual_screen([*screen, PYTHON, "tests/benchmarks/run.py", *arguments], environment())


def soak(arguments: list[str]) -> int:
    """The simulation on new seeds: `soak 2` for two virtual hours, or options as its own help tells."""
    hours = ["--hours", *arguments] if arguments and not arguments[0].startswith("-") else arguments
    return become([PYTHON, "-m", "tests.simulation.soak", *hours], environment())


def lock_addresses() -> list[str]:
    """Lines of the locks that name a host; a lock must do with any registry."""
    return [
        f"{path.name}:{number}: {line}"
        for path in sorted(LOCK.parent.glob("*.lock"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "://" in line
    ]


def check(_arguments: list[str]) -> int:
    """Everything that can be said about the code without running the product; all is run, then summed up."""
    env = environment()
    code = ["kefu_desk", "tests", "packaging"]
    steps: dict[str, list[str | Path]] = {
        "format": [PYTHON, "-m", "ruff", "format", "--check", *code],
        "lint": [PYTHON, "-m", "ruff", "check", *code],
        "types": [PYTHON, "-m", "mypy"],
        "imports": [BIN / "lint-imports"],
        "translations": [PYTHON, "packaging/translations.py", "check"],
        "conventions": [PYTHON, "-m", "pytest", "-q", "tests/conventions"],
    }
    failed = []
    for name, command in steps.items():
        print(f"--- {name}", flush=True)
        if run(*command, env=env):
            failed.append(name)
    print("--- locks", flush=True)
    addresses = lock_addresses()
    if addresses:
        print("\n".join(addresses))
        failed.append("locks")
    print("check: " + ("failed: " + ", ".join(failed) if failed else "all passed"), flush=True)
    return 1 if failed else 0


def bundle(_arguments: list[str]) -> int:
    """Builds dist/kefu-desk."""
    folders = ["--distpath", "dist", "--workpath", "build/pyinstaller"]
    return run(
        PYTHON, "-m", "PyInstaller", "--noconfirm", *folders, "packaging/kefu-desk.spec", env=environment()
    )


def setup(_arguments: list[str]) -> int:
    """Nothing more than what every command needs first."""
    print(f"ready: {PYTHON}")
    return 0


def main(arguments: list[str]) -> int:
    """Provides what a command needs, then runs it."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 2
    command, rest = arguments[0], arguments[1:]
    if rest[:1] == ["--"]:
        rest = rest[1:]
    if not fits(sys.version_info[:2]):
        python = other_python()
        if python is None:
            print("kefu-desk needs Python 3.11, 3.12 or 3.13; none was found.", file=sys.stderr)
            return system_packages.MISSING
        return become([python, __file__, *arguments], dict(os.environ))
    ready = present_stamp() == wanted_stamp()
    system_packages.provide(command, needs_venv=not ready and find_uv() is None)
    provide_environment()
    table = {"setup": setup, "demo": demo, "test": test, "check": check, "bench": bench, "soak": soak}
    return {**table, "bundle": bundle}[command](rest)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
