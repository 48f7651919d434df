"""The fault matrix in docs/fault-matrix.md against the tests: which row is shown by which test.

`python -m tests.conventions.fault_matrix` writes the column of tests anew.
"""

import ast
import re
from collections.abc import Iterator

from tests.conventions.source import ROOT, Source, sources

PAGE = ROOT / "docs" / "fault-matrix.md"

LENGTHS = {"N": 25, "H": 19, "E": 20, "R": 22, "S": 22, "K": 6, "P": 8, "T": 5}
"""How many rows each part of the matrix has; rows of other parts may stand on the page too."""

_ROW = re.compile(r"\| (F-[A-Z]\d\d) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$")
_NAMED = re.compile(r"test_f_([a-z])(\d\d)(?:_|$)")
_SOMETHING_LIKE = re.compile(r"test_.*?\bf_?[a-z]\d+|test_f_[a-z]+\d")
NONE = "none yet"

Rows = dict[str, tuple[str, str, str]]
"""Fault, tests and remark of each row."""

Tests = dict[str, list[str]]
"""The names of the tests of each row."""


def required() -> list[str]:
    """Every row that has to be there."""
    return [f"F-{part}{number:02}" for part, last in LENGTHS.items() for number in range(1, last + 1)]


def rows_in(page: str) -> Rows:
    """The rows of the page, in its order."""
    found = [match.groups() for line in page.splitlines() if (match := _ROW.match(line))]
    return {number: (fault, tests, remark) for number, fault, tests, remark in found}


def tests_in(modules: list[Source]) -> tuple[Tests, list[str]]:
    """The tests by their row, and those that bear no proper number although they seem to want one."""
    found: Tests = {}
    odd: list[str] = []
    for module in modules:
        for node in _tests_of(module.tree):
            match = _NAMED.match(node.name)
            if match:
                found.setdefault(f"F-{match[1].upper()}{match[2]}", []).append(node.name)
            elif _SOMETHING_LIKE.match(node.name):
                odd.append(f"{module.place}:{node.lineno}: {node.name}")
    return {number: sorted(set(names)) for number, names in found.items()}, odd


def _tests_of(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


def skipped_in(modules: list[Source]) -> set[str]:
    """The tests that are skipped for good or on some systems, by their own decorators."""
    return {
        node.name
        for module in modules
        for node in _tests_of(module.tree)
        if any(".mark.skip" in ast.unparse(mark) for mark in node.decorator_list)
    }


def cell(names: list[str]) -> str:
    """The column of tests of one row."""
    return "<br>".join(f"`{name}`" for name in names) or NONE


def faults(page: str, modules: list[Source]) -> Iterator[str]:
    """What is not true about the page or missing among the tests, a line each."""
    rows, (tests, odd) = rows_in(page), tests_in(modules)
    skipped = skipped_in(modules)
    yield from (f"{number}: not on the page" for number in required() if number not in rows)
    yield from (f"{number} {fault}: no test" for number, (fault, *_) in rows.items() if number not in tests)
    yield from (f"{number}: tests of a row that is not on the page" for number in tests.keys() - rows.keys())
    yield from (f"{line}: the number of a row has two digits, as in test_f_n01_" for line in odd)
    for number, (_, listed, remark) in rows.items():
        names = tests.get(number, [])
        if listed != cell(names):
            yield f"{number}: the page lists other tests (python -m tests.conventions.fault_matrix)"
        if names and skipped.issuperset(names) and not remark.strip():
            yield f"{number}: every test is skipped somewhere, and the page does not say why"


def filled(page: str, modules: list[Source]) -> str:
    """The page with its column of tests as it should be."""
    tests, _ = tests_in(modules)

    def line(words: str) -> str:
        match = _ROW.match(words)
        if match is None:
            return words
        number, fault, _, remark = match.groups()
        return f"| {number} | {fault} | {cell(tests.get(number, []))} | {remark} |"

    return "\n".join(line(words) for words in page.split("\n"))


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), sources("tests")), encoding="utf-8")
