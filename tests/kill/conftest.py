"""One process to fork desks from, and a town that they all serve."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kill.driver import Nursery, Shop
    from tests.kill.town import Town

MakeShop = Callable[[float], "Shop"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only a system that forks can be asked for so many processes, and only it knows kill -9."""
    if sys.platform == "win32":
        reason = "needs fork and SIGKILL; TerminateProcess on Windows has to be tried there"
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def nursery() -> "Iterator[Nursery]":
    from tests.kill.driver import Nursery

    opened = Nursery()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def world() -> "Iterator[Town]":
    from tests.kill.town import Town

    with Town() as opened:
        yield opened


@pytest.fixture
def town(world: "Town") -> "Iterator[Town]":
    """Its customers are new for each test; its time only goes on."""
    yield world
    world.spares()
    world.opens()


@pytest.fixture
def shop(nursery: "Nursery", town: "Town", tmp_path: Path) -> MakeShop:
    """Makes the shop with a hold of so many seconds."""
    from tests.kill.driver import Shop

    return lambda hold: Shop(nursery, town, tmp_path / "profile", hold)
