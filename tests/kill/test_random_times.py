"""kill -9 at any moment, again and again, while somebody types; `KEFU_KILLS` asks for more of them."""

import os
import secrets
import time
from random import Random

import pytest

from tests.kill.conftest import MakeShop
from tests.kill.driver import LATER, Running, Shop

KILLS = int(os.environ.get("KEFU_KILLS", "24"))
SEED = int(os.environ.get("KEFU_KILL_SEED", secrets.randbits(32)))
CUSTOMERS = 3
DECISIONS = ("again", "arrived", "left")


def works(shop: Shop, running: Running, rng: Random, customers: list[str]) -> None:
    """Types to the customers and answers questions until the desk has lived long enough."""
    if rng.random() < 0.6:
        running.ready()  # else the kill may come while it starts
    end = time.monotonic() + rng.uniform(0.08, 0.25)
    answered: set[int] = set()
    while time.monotonic() < end:
        time.sleep(rng.uniform(0, 0.04))
        if not running.said("ready"):
            continue
        openid = rng.choice(customers)
        written = len(shop.person.asked.get(openid, []))
        shop.town.writes(openid)
        shop.sends(running, openid, f"{customers.index(openid)} 第{written}句")
        for row in list(running.rows.values()):
            if row["state"] == "unknown" and row["asked"] and row["id"] not in answered:
                answered.add(row["id"])
                decision = rng.choice(DECISIONS)
                if decision == "again":
                    shop.person.again.append(row["text"])
                running.order("answer", number=row["id"], decision=decision)
    running.kill()


@pytest.mark.timeout(120 + 3 * KILLS)
@pytest.mark.parametrize("hold", [0.0, 0.06])
def test_f_s01_killed_at_random_times(shop: MakeShop, hold: float) -> None:
    rng = Random(f"{SEED} {hold}")
    opened = shop(hold)
    customers = [opened.town.served() for _ in range(CUSTOMERS)]
    opened.town.does(lambda: opened.town.world.chaos.set("allowance", "20"))
    try:
        for _ in range(KILLS):
            with opened.desk("by hand") as running:
                works(opened, running, rng, customers)
            if rng.random() < 0.5:
                opened.town.ahead += LATER
        opened.town.ahead += LATER
        with opened.desk() as running:
            running.ready()
            opened.comes_to_rest(running, lambda: rng.choice(DECISIONS))
        disk = opened.settles()
    except BaseException:
        print(f"KEFU_KILL_SEED={SEED}")
        raise
    states = [row["state"] for row in disk.rows]
    received = sum(len(opened.town.received(openid)) for openid in customers)
    print(
        f"seed={SEED} hold={hold}: {KILLS} kills, {len(states)} rows, {received} deliveries,"
        f" {states.count('resolved')} questions, {sum(r['proof'] == 'record' for r in disk.rows)} by record"
    )
    import collections

    print(collections.Counter((r["state"], (r["failure"] or "")[:150]) for r in disk.rows))
    assert opened.person.told
