"""Where a world plays: the world and its clock, both of which the control interface may change."""

from collections.abc import Callable

from kefu_desk.simulator.world import World


class Stage:
    """The world that is served now. `clock` gives Unix seconds."""

    def __init__(self, world: World, clock: Callable[[], float]) -> None:
        self.world = world
        self.clock = clock
