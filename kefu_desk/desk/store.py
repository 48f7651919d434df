"""Holds the state, takes facts, and tells who asked to be told."""

from collections.abc import Callable

from kefu_desk.domain.facts import Fact
from kefu_desk.domain.reduce import reduce
from kefu_desk.domain.state import DeskState

Listener = Callable[[Fact], None]


class Store:
    """The one place where the state changes; listeners are called after each fact, in order of joining.

    A listener must only take note (set a flag, print a line): it runs inside whatever task dispatched.
    """

    def __init__(self, state: DeskState | None = None) -> None:
        self.state = state if state is not None else DeskState()
        self._listeners: list[Listener] = []

    def dispatch(self, fact: Fact) -> None:
        """Applies a fact and tells the listeners."""
        self.state = reduce(self.state, fact)
        for listener in tuple(self._listeners):
            listener(fact)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Joins a listener; the returned function removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
