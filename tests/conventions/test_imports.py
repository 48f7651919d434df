"""import-linter's contracts hold for the package, and each breaks when a forbidden import is planted."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conventions.source import ROOT

PLANTS = {
    "Layers: app over ui over siblings over domain": ("storage/plant.py", "import kefu_desk.wechat"),
    "The simulator is an island": ("simulator/plant.py", "import kefu_desk.domain"),
    "Only app uses the simulator": ("desk/plant.py", "import kefu_desk.simulator"),
    "Qt only in ui and app": ("presenters/plant.py", "import PySide6.QtCore"),
    "ui and presenters know no adapter": ("ui/plant.py", "import asyncio"),
    "domain is pure": ("domain/plant.py", "import time"),
    "httpx only in wechat and app": ("profiles/plant.py", "import httpx"),
    "sqlite3 only in storage": ("app/plant.py", "import sqlite3"),
    "Panes do not know each other": ("ui/panes/one.py", "import kefu_desk.ui.panes.two"),
    "No cycles between siblings": ("ui/models/plant.py", "import kefu_desk.ui.delegates"),
}
CYCLE = {"ui/delegates/__init__.py": "import kefu_desk.ui.models", "ui/panes/two.py": ""}


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The project's contracts over its packages without their modules, so that each test plants its own."""
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in (ROOT / "kefu_desk").rglob("__init__.py"):
        place = tmp_path / package.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    return tmp_path


def plant(skeleton: Path, place: str, text: str) -> None:
    (skeleton / "kefu_desk" / place).write_text(text + "\n", encoding="utf-8")


def verdicts(folder: Path) -> dict[str, str]:
    """Contract -> KEPT or BROKEN."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    report = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)", report.stdout, re.MULTILINE))
    assert found, report.stdout + report.stderr
    return found


def test_an_empty_skeleton_keeps_every_contract(skeleton: Path) -> None:
    assert verdicts(skeleton) == dict.fromkeys(PLANTS, "KEPT")


def test_every_contract_breaks_when_its_violation_is_planted(skeleton: Path) -> None:
    for place, text in PLANTS.values():
        plant(skeleton, place, text)
    for place, text in CYCLE.items():
        plant(skeleton, place, text)
    assert verdicts(skeleton) == dict.fromkeys(PLANTS, "BROKEN")


def test_a_package_that_no_layer_names_breaks_the_contract(skeleton: Path) -> None:
    (skeleton / "kefu_desk" / "stray").mkdir()
    plant(skeleton, "stray/__init__.py", "")
    assert verdicts(skeleton)["Layers: app over ui over siblings over domain"] == "BROKEN"


def test_the_package_keeps_every_contract() -> None:
    assert verdicts(ROOT) == dict.fromkeys(PLANTS, "KEPT")
