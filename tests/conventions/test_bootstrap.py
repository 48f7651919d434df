"""The decisions of packaging/bootstrap.py that do not need a fresh machine."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conventions.source import ROOT

PACKAGING = ROOT / "packaging"


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, imported as its folder's scripts import it."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    for name in ("bootstrap", "system_packages"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import bootstrap as module

    return module


@pytest.mark.parametrize(
    ("version", "does"),
    [((3, 10), False), ((3, 11), True), ((3, 13, 5), True), ((3, 14), False), ((4, 0), False)],
)
def test_only_the_supported_versions_of_python_fit(
    bootstrap: ModuleType, version: tuple[int, ...], does: bool
) -> None:
    assert bootstrap.fits(version) is does


def test_an_environment_that_was_cut_short_or_is_of_another_lock_is_made_again(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = tmp_path / "stamp.json"
    monkeypatch.setattr(bootstrap, "STAMP", stamp)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    assert bootstrap.present_stamp() == {}
    stamp.write_text('{"lock": ', encoding="utf-8")
    assert bootstrap.present_stamp() == {}
    stamp.write_text(json.dumps(bootstrap.wanted_stamp()), encoding="utf-8")
    assert bootstrap.present_stamp() == bootstrap.wanted_stamp()

    lock = tmp_path / "dev.lock"
    lock.write_text("other==1\n", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "LOCK", lock)
    assert bootstrap.present_stamp() != bootstrap.wanted_stamp()

    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "gone")
    assert bootstrap.present_stamp() == {}


@pytest.mark.skipif(sys.platform != "linux", reason="X displays are found by their sockets")
def test_a_display_counts_only_when_its_server_answers(bootstrap: ModuleType) -> None:
    assert not bootstrap.has_display({})
    assert not bootstrap.has_display({"DISPLAY": ":93"})
    assert bootstrap.has_display({"WAYLAND_DISPLAY": "wayland-0"})
    assert bootstrap.has_display({"DISPLAY": "elsewhere:0"})
    assert not bootstrap.has_display({"DISPLAY": "elsewhere:0", "QT_QPA_PLATFORM": "offscreen"})
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0/tmp/.X11-unix/X93")
        server.listen()
        assert bootstrap.has_display({"DISPLAY": ":93.0"})


@pytest.mark.skipif(sys.platform != "linux", reason="the system packages are Debian's")
def test_missing_parts_end_with_the_line_to_run(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    system = bootstrap.system_packages
    monkeypatch.setattr(system, "LIBRARIES", {"libnowhere.so.9": "libnowhere9", "libc.so.6": "libc6"})
    monkeypatch.setattr(system, "is_debian", lambda: True)
    monkeypatch.setattr(system, "as_root", lambda: None)
    monkeypatch.setattr(system, "has_program", lambda name: name != "xauth")
    with pytest.raises(SystemExit) as end:
        system.provide("test", needs_venv=False)
    assert end.value.code == system.MISSING
    said = capsys.readouterr().err
    assert "libnowhere.so.9" in said
    line = next(line for line in said.splitlines() if "apt-get install" in line)
    assert {"libnowhere9", "xauth"} <= set(line.split())
    assert "libc6" not in line


def test_it_says_what_it_can_do() -> None:
    asked = subprocess.run(
        [sys.executable, PACKAGING / "bootstrap.py", "fly"], capture_output=True, text=True, check=False
    )
    assert asked.returncode == 2
    for command in ("setup", "demo", "test", "check", "bench", "soak", "bundle"):
        assert f"bootstrap.py {command}" in asked.stdout


def test_the_smoke_test_tells_a_blank_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtGui import QColor, QImage

    monkeypatch.syspath_prepend(str(PACKAGING))
    monkeypatch.delitem(sys.modules, "smoke", raising=False)
    import smoke

    picture = QImage(800, 600, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    picture.save(str(tmp_path / "blank.png"))
    with pytest.raises(SystemExit, match="blank"):
        smoke.look(tmp_path / "blank.png")
    for x in range(800):
        for y in range(0, 600, 3):
            picture.setPixelColor(x, y, QColor(x % 256, (x * y) % 256, y % 256))
    picture.save(str(tmp_path / "full.png"))
    assert smoke.look(tmp_path / "full.png").startswith("800 x 600")
