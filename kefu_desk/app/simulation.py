"""The simulator inside this process: no socket, no account, no network."""

import time

import httpx
from msgspec import Struct

from kefu_desk.app.scenarios import begin
from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.world import World

SCHEME = "sim://"


class Simulation(Struct, frozen=True):
    """A living world and the transport that leads to it."""

    world: World
    transport: httpx.ASGITransport
    agent: str


def simulate(name: str, seed: int) -> Simulation:
    """Starts a scenario, named or from a file; its customers live in real time.

    Raises:
        ValueError: saying what cannot be read or played.
    """
    opened = begin(name, seed=seed, now=time.time())
    app = create_app(opened.world, clock=time.time)
    return Simulation(opened.world, httpx.ASGITransport(app=app), opened.agent)
