"""Every row of the fault matrix has a test that bears its number, and the page about it is true."""

import pytest

from tests.conventions.fault_matrix import LENGTHS, PAGE, faults, filled, required, rows_in
from tests.conventions.source import planted, sources

ROW = "| F-N01 | no name service | `test_f_n01_x` |  |"
TEST = "async def test_f_n01_x(): pass\n"
SKIPPED = "@pytest.mark.skipif(True, reason='Windows')\ndef test_f_n01_x(): pass\n"


def test_every_row_of_the_fault_matrix_has_a_test_and_the_page_is_true() -> None:
    lines = "\n".join(faults(PAGE.read_text(encoding="utf-8"), sources("tests")))
    assert not lines, f"\n{lines}"


def test_the_matrix_has_all_its_rows() -> None:
    assert len(required()) == sum(LENGTHS.values()) == 127


@pytest.mark.parametrize(
    ("page", "code", "complaint"),
    [
        (ROW, "", "F-N01 no name service: no test"),
        ("", TEST, "F-N01: tests of a row that is not on the page"),
        (ROW, TEST.replace("n01_x", "n01_y"), "F-N01: the page lists other tests"),
        (ROW, SKIPPED, "F-N01: every test is skipped somewhere"),
        (ROW, TEST + "def test_f_n1_x(): pass", "two digits"),
        ("", "", "F-P08: not on the page"),
    ],
)
def test_what_is_wrong_with_a_page_is_found(page: str, code: str, complaint: str) -> None:
    assert any(complaint in line for line in faults(page, [planted(code, "tests/x.py")]))


def test_a_true_row_is_no_complaint_and_the_column_writes_itself() -> None:
    modules = [planted(TEST, "tests/x.py")]
    assert not [line for line in faults(ROW, modules) if "F-N01" in line]
    stale = ROW.replace("`test_f_n01_x`", "none yet")
    assert filled(f"a\n{stale}\nb", modules) == f"a\n{ROW}\nb"
    assert rows_in(ROW.replace("|  |", "| on Windows |"))["F-N01"][2] == "on Windows"
