"""Every test of the desk runs on virtual time, against a shop of its own."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.desk.shop import Shop
from tests.desk.virtual_time import VirtualLoop, counted


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualLoop}


@pytest.fixture
async def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(asyncio, "wrap_future", counted(asyncio.wrap_future))
    return Shop(tmp_path)
