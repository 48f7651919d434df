"""The rules, applied to the project as it is."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable

import pytest

from tests.conventions import addresses, calls, mutability, naming, phrases, sizes, wires
from tests.conventions.source import ROOT, Rule, Source, sources, tracked_files

PACKAGE_RULES: list[Rule] = [
    sizes.class_width,
    calls.event_loop,
    calls.leaving,
    calls.broad_except,
    calls.task_owners,
    mutability.module_state,
    naming.unfinished,
    wires.cross_connects,
]
EVERYWHERE_RULES: list[Rule] = [sizes.file_length, sizes.function_length, naming.module_name]
OTHER_TESTS = {"conventions", "contract", "e2e", "kill", "simulation", "benchmarks"}


def nothing(found: Iterable[str]) -> None:
    """Fails with every violation on a line of its own."""
    lines = "\n".join(found)
    assert not lines, f"\n{lines}"


@pytest.fixture(scope="module")
def package() -> list[Source]:
    return sources("kefu_desk")


@pytest.mark.parametrize("rule", [*PACKAGE_RULES, *EVERYWHERE_RULES], ids=lambda rule: rule.__name__)
def test_the_package_keeps(rule: Rule, package: list[Source]) -> None:
    nothing(found for source in package for found in rule(source))


@pytest.mark.parametrize("rule", EVERYWHERE_RULES, ids=lambda rule: rule.__name__)
def test_packaging_keeps(rule: Rule) -> None:
    nothing(found for source in sources("packaging") for found in rule(source))


def test_every_phrase_exists_in_both_languages() -> None:
    nothing(phrases.template_faults(phrases.tables()))


def test_every_phrase_that_code_names_exists(package: list[Source]) -> None:
    known = phrases.tables()
    code = [source for source in package if not source.place.startswith("kefu_desk/simulator/")]
    nothing(found for source in code for found in phrases.unknown_phrases(source, known))


def test_every_phrase_is_named_by_code(package: list[Source]) -> None:
    nothing(phrases.unused_phrases(package, phrases.tables()))


def test_compiled_phrases_are_up_to_date() -> None:
    check = subprocess.run(
        [sys.executable, ROOT / "packaging" / "translations.py", "check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr


def test_no_file_names_this_machine_or_a_registry() -> None:
    found: list[str] = []
    for path in tracked_files():
        if path.suffix in addresses.TEXT_ENDINGS:
            text = path.read_text(encoding="utf-8", errors="replace")
            found += addresses.machine_paths(path.relative_to(ROOT).as_posix(), text)
    nothing(found)


def test_locks_name_no_address_and_agree() -> None:
    locks = {
        path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "packaging" / "locks").glob("*.lock")
    }
    assert set(locks) == {"runtime", "dev"}
    nothing(found for name, text in locks.items() for found in addresses.lock_addresses(name, text))
    runtime, dev = addresses.lock_pins(locks["runtime"]), addresses.lock_pins(locks["dev"])
    assert runtime.items() <= dev.items()
    assert {"hatchling", "editables", "pytest", "pyinstaller"} <= dev.keys()


def test_locks_hold_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"])
    lock = addresses.lock_pins((ROOT / "packaging" / "locks" / "runtime.lock").read_text(encoding="utf-8"))
    assert {name_of(requirement) for requirement in wanted} <= lock.keys()
    for group in (
        *project["dependency-groups"].values(),
        *project["project"]["optional-dependencies"].values(),
    ):
        wanted += group
    lock = addresses.lock_pins((ROOT / "packaging" / "locks" / "dev.lock").read_text(encoding="utf-8"))
    assert {name_of(requirement) for requirement in wanted} <= lock.keys()


def test_the_notices_name_every_package_that_is_shipped() -> None:
    lock = addresses.lock_pins((ROOT / "packaging" / "locks" / "runtime.lock").read_text(encoding="utf-8"))
    notices = set(re.findall(r"[a-z0-9-]+", (ROOT / "docs" / "third-party.md").read_text(encoding="utf-8")))
    assert lock.keys() - notices == set()


def name_of(requirement: str) -> str:
    """The normalised name of a requirement."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_the_readme_names_the_two_commands_and_they_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^\.PHONY:.*\b{target}\b", makefile, re.MULTILINE)


def test_tests_mirror_the_packages() -> None:
    packages = {path.parent.name for path in (ROOT / "kefu_desk").glob("*/__init__.py")}
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert folders == packages | OTHER_TESTS
    empty = {name for name in packages if not list((ROOT / "tests" / name).rglob("test_*.py"))}
    assert empty == set()


def test_no_folder_of_tests_is_a_package() -> None:
    """With import-mode=importlib an __init__.py would make equal names of test files clash."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []
    assert not (ROOT / "packaging" / "__init__.py").exists(), "would hide the library of that name"
