"""Where a world plays: the world and its clock, both of which the control interface may change."""

from collections.abc import Callable
from typing import Protocol

from kefu_desk.simulator.scenario import DEMO_AGENT, Opened, scenario
from kefu_desk.simulator.world import World


class Begin(Protocol):
    """Makes the world of a scenario by its name; raises ValueError saying what is wrong with it."""

    def __call__(self, wanted: str, /, *, seed: int, now: float) -> Opened:
        """A new world."""


class Stage:
    """The world that is served now. `clock` gives Unix seconds; `begin` knows the scenarios."""

    def __init__(self, world: World, clock: Callable[[], float], begin: Begin | None = None) -> None:
        self.world = world
        self.clock = clock
        self._begin = begin or _by_name

    def change(self, name: str, seed: int) -> Opened:
        """Another world takes the stage, now.

        Raises:
            ValueError: for a scenario that is unknown or cannot be played.
        """
        opened = self._begin(name, seed=seed, now=self.clock())
        self.world = opened.world
        return opened


def _by_name(wanted: str, /, *, seed: int, now: float) -> Opened:
    return Opened(scenario(wanted, seed=seed, now=now), DEMO_AGENT)
