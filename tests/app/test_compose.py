"""A desk is opened whole or not at all, and a broken connection is never taken for a refusal."""

import asyncio
import os
import random
import sqlite3
import threading
from pathlib import Path

import pytest

from kefu_desk.app.clock import SystemClock
from kefu_desk.app.compose import Connection, Means, connect, open_desk, to_simulation
from kefu_desk.desk.store import Store
from kefu_desk.domain.facts import Vault
from kefu_desk.domain.failure import Category, DeskError, Effect
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.wechat.errors import Reason, TransportError
from kefu_desk.wechat.gateway import WeChatGateway

CUSTOMER = OpenId("oLuyeAAAAAAAAAAAAAAAAAAAAAAA")
ME = AgentId("kf2001@luye")


def database_threads() -> list[str]:
    return sorted(t.name for t in threading.enumerate() if t.name.startswith(("outbox", "archive")))


async def test_a_desk_opens_runs_and_leaves_no_thread(tmp_path: Path) -> None:
    connection, simulation = to_simulation("sim://quiet", seed=1)
    simulation.world.add_customer(CUSTOMER)
    simulation.world.customer_says(CUSTOMER, "在吗")
    store = Store()
    read = asyncio.Event()
    store.listen(lambda _fact: read.set() if store.state.queue.cases else None)
    async with open_desk(connection, tmp_path / "new" / "folder", store=store) as desk:
        assert desk.store is store
        assert len(database_threads()) == 4
        closing = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(desk.run(closing))
            await read.wait()
            closing.set()
    assert database_threads() == []
    assert store.state.identity.simulated
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        "archive.db",
        "outbox.db",
        "outbox.db.bak-1",
        "outbox.db.mark",
    ]


@pytest.mark.parametrize("name", ["outbox.db", "archive.db"])
async def test_f_s12_what_cannot_be_opened_closes_what_was_open(tmp_path: Path, name: str) -> None:
    connection, _ = to_simulation("sim://quiet", seed=1)
    (tmp_path / name).mkdir()
    with pytest.raises(DeskError) as caught:
        async with open_desk(connection, tmp_path):
            pytest.fail("it opened")
    assert caught.value.failure.category is Category.STORAGE
    assert name in caught.value.failure.detail + caught.value.failure.subject
    assert database_threads() == []


@pytest.mark.logs_warnings
@pytest.mark.parametrize("name", ["outbox.db", "archive.db"])
@pytest.mark.parametrize("damage", [b"x" * 10, b"not a database " * 100])
async def test_f_s12_what_is_no_database_is_kept_and_told(tmp_path: Path, name: str, damage: bytes) -> None:
    connection, _ = to_simulation("sim://quiet", seed=1)
    (tmp_path / name).write_bytes(damage)
    async with open_desk(connection, tmp_path) as desk:
        keys = [notice.words.key for notice in desk.store.state.notices]
    assert keys == ["found.archive" if name == "archive.db" else "found.outbox.salvaged"]
    assert (tmp_path / f"{name}.damaged-1").read_bytes() == damage
    assert database_threads() == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to root")
@pytest.mark.parametrize("name", ["outbox.db", "archive.db"])
@pytest.mark.parametrize("mode", [0o000, 0o400])
async def test_f_s12_a_file_that_may_not_be_written_is_told(tmp_path: Path, name: str, mode: int) -> None:
    connection, _ = to_simulation("sim://quiet", seed=1)
    async with open_desk(connection, tmp_path):
        pass
    (tmp_path / name).chmod(mode)
    with pytest.raises(DeskError) as caught:
        async with open_desk(connection, tmp_path):
            pytest.fail("it opened")
    assert caught.value.failure.text.key in ("failure.storage.readonly", "failure.storage.unopened")


async def test_an_address_no_client_takes_closes_both_files(tmp_path: Path) -> None:
    connection = Connection("店", "wx" + "0" * 16, ME, lambda: "s", "https://ho$t.example")
    with pytest.raises(DeskError) as caught:
        async with open_desk(connection, tmp_path):
            pytest.fail("it opened")
    assert caught.value.failure.text.key == "failure.profile.field"
    assert caught.value.failure.subject == "base_url"
    assert database_threads() == []
    for name in ("outbox.db", "archive.db"):
        with sqlite3.connect(tmp_path / name) as file:  # nobody holds it
            file.execute("BEGIN EXCLUSIVE")
        file.close()


async def test_a_fault_inside_closes_everything_too(tmp_path: Path) -> None:
    connection, _ = to_simulation("sim://quiet", seed=1)
    with pytest.raises(ZeroDivisionError):
        async with open_desk(connection, tmp_path):
            _ = 1 / 0
    assert database_threads() == []


@pytest.mark.parametrize(
    ("address", "simulated"),
    [
        ("https://api.weixin.qq.com", False),
        ("https://gateway.example/wx", False),
        ("https://127.0.0.1.example", False),
        ("http://127.0.0.1:8765", True),
        ("http://localhost:8765", True),
        ("http://[::1]:8765", True),
    ],
)
def test_only_this_computer_is_a_simulator(address: str, simulated: bool) -> None:
    assert Connection("", "", ME, lambda: "", address).simulated is simulated


def test_the_simulator_in_this_process_is_one_and_keeps_no_secret() -> None:
    connection, simulation = to_simulation("sim://quiet", seed=1)
    assert connection.simulated
    assert connection.vault is Vault.NONE
    assert connection.reveal() == simulation.world.account.secret
    assert simulation.world.account.secret not in repr(connection)


@pytest.mark.parametrize(("fault", "delivered"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_reset_inside_this_process_leaves_a_send_in_doubt(fault: str, delivered: int) -> None:
    connection, simulation = to_simulation("sim://quiet", seed=1)
    world = simulation.world
    world.add_customer(CUSTOMER)
    world.customer_says(CUSTOMER, "在吗")
    async with connect(connection) as client:
        await client.create_session(openid=CUSTOMER, agent=ME)
        world.chaos.set("fault", fault, paths="message/custom/send")
        with pytest.raises(TransportError) as caught:
            await client.send_text(openid=CUSTOMER, text="您好", agent=ME)
        assert (caught.value.reason, caught.value.effect) == (Reason.BROKEN, Effect.MAYBE)
        with pytest.raises(DeskError) as told:
            await WeChatGateway(client).send_text(CUSTOMER, "您好", ME)
        assert told.value.failure.effect is Effect.MAYBE
        assert told.value.failure.text.key == "failure.offline.broken"
    assert len(world.ledger) == 2 * delivered


async def test_a_reset_of_a_read_has_no_effect_and_is_asked_again() -> None:
    connection, simulation = to_simulation("sim://quiet", seed=1)
    async with connect(connection) as client:
        await client.check_token()
        simulation.world.chaos.set("fault", "reset_after", paths="getwaitcase", times=1)
        before = client.calls_made()
        assert (await client.waiting_cases()).cases == ()
        assert client.calls_made() == before + 2


async def test_the_clock_of_the_means_is_the_only_one(tmp_path: Path) -> None:
    class Still(SystemClock):
        def now(self) -> float:
            return 1_000_000_000.0

    connection, _ = to_simulation("sim://quiet", seed=1)
    async with connect(connection, Means(clock=Still(), random=random.Random(1))) as client:
        await client.reach()
        offset = client.clock_offset()
    assert offset is not None
    assert offset > 500_000_000


async def test_a_pause_ends_early_when_woken() -> None:
    clock, wake = SystemClock(), asyncio.Event()
    await clock.pause(0.001, wake)
    wake.set()
    async with asyncio.timeout(5):
        await clock.pause(3600, wake)
    assert clock.monotonic() <= clock.monotonic()
