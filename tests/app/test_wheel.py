"""The program finds its resources in a checkout and in an installed wheel, and runs from there."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kefu_desk import __version__
from kefu_desk.app.assets import resources
from tests.app.program import environment

ROOT = Path(__file__).resolve().parents[2]
WANTED = ("icons/kefu-desk.svg", "translations/kefu-desk_zh_CN.qm", "translations/kefu-desk_en.qm", "themes")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked as `pip install --no-deps --target` does it; this environment has no pip."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the installed program from elsewhere: `-P` keeps the folder we stand in off the path."""
    environ = {**environment(home), "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=home.parent, env=environ, capture_output=True, encoding="utf-8", timeout=90, check=False,
    )  # fmt: skip


def test_a_checkout_has_its_resources() -> None:
    assert resources() == ROOT / "resources"
    assert all((resources() / name).exists() for name in WANTED)


def test_a_bundle_has_them_where_it_was_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources() == tmp_path / "resources"


def test_the_wheel_holds_the_program_and_its_resources_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"kefu_desk", f"kefu_desk-{__version__}.dist-info"}
    for name in WANTED:
        assert any(path.startswith(f"kefu_desk/_resources/{name}") for path in names), name
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".db"))]


def test_the_installed_program_finds_its_own(installed: Path, tmp_path: Path) -> None:
    look = "from kefu_desk.app.assets import resources; print(resources())"
    assert run(installed, tmp_path / "home", "-c", look).stdout.strip() == str(
        installed / "kefu_desk" / "_resources"
    )
    told = run(installed, tmp_path / "home", "-m", "kefu_desk", "--version")
    assert (told.returncode, told.stdout, told.stderr) == (0, f"kefu-desk {__version__}\n", "")


def test_the_installed_program_does_the_main_job(installed: Path, tmp_path: Path) -> None:
    shot = tmp_path / "demo.png"
    words = ("demo", "--play", "--lang", "zh_CN", "--shot", str(shot))
    done = run(installed, tmp_path / "home", "-m", "kefu_desk", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "6 closed" in done.stdout
    assert shot.read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / "home" / "logs" / "desk.log").exists()  # there was nothing to report
