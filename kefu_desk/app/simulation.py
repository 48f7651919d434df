"""The simulator inside this process: no socket, no account, no network."""

import time

import httpx
from msgspec import Struct

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.scenario import DEMO_AGENT, scenario
from kefu_desk.simulator.world import World

SCHEME = "sim://"


class Simulation(Struct, frozen=True):
    """A living world and the transport that leads to it."""

    world: World
    transport: httpx.ASGITransport
    agent: str


def simulate(name: str, seed: int) -> Simulation:
    """Starts a scenario; its customers live in real time."""
    world = scenario(name, seed=seed, now=time.time())
    app = create_app(world, clock=time.time)
    return Simulation(world, httpx.ASGITransport(app=app), DEMO_AGENT)
