"""What the window shows, as a screen reader would find it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MESSAGES = ("消息列表", "Messages")
QUEUE = ("待接入的客户", "Waiting customers")
SESSIONS = ("我的会话", "My chats")


def name_of(openid: str) -> str:
    """How the window calls a customer (product 3.9)."""
    letters = [letter for letter in openid if letter.isalnum()]
    return "客户·" + "".join(letters[-4:]).upper()


@dataclass(frozen=True)
class Node:
    """One accessible thing; the rectangle is in pixels of the X screen."""

    depth: int
    role: str
    kind: str
    name: str
    description: str
    value: str
    rect: tuple[int, int, int, int]
    states: frozenset[str]

    @classmethod
    def read(cls, told: dict[str, Any]) -> "Node":
        """A node from the probe's words."""
        return cls(
            told["depth"],
            told["role"],
            told["class"],
            told["name"],
            told["description"],
            told["value"],
            tuple(told["rect"]),
            frozenset(told["states"]),
        )

    @property
    def middle(self) -> tuple[int, int]:
        """Where a person would click it."""
        x, y, width, height = self.rect
        return x + width // 2, y + height // 2

    @property
    def accept_button(self) -> tuple[int, int]:
        """The middle of the button that a row of the queue has on its second line (design 4.2)."""
        x, y, width, _ = self.rect
        return x + width - 18 - 28, y + 29 + 12


class Screen:
    """All visible things of one moment, parents before children."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes

    def all(self, role: str = "", kind: str = "") -> list[Node]:
        """The things of a role or a class."""
        return [node for node in self.nodes if role in ("", node.role) and kind in ("", node.kind)]

    def named(self, words: str, role: str = "") -> Node | None:
        """The first thing of exactly that name."""
        return next((node for node in self.all(role) if node.name == words), None)

    def saying(self, words: str, role: str = "", kind: str = "") -> Node | None:
        """The first thing whose name contains some words."""
        return next((node for node in self.all(role, kind) if words in node.name), None)

    def rows(self, names: tuple[str, ...]) -> list[Node]:
        """The rows of a list, which has one of the names (Chinese or English)."""
        return [
            row
            for place, node in enumerate(self.nodes)
            if node.role == "List" and node.name in names
            for row in self._below(place)
            if row.role == "ListItem"
        ]

    def row(self, names: tuple[str, ...], words: str) -> Node | None:
        """The first row of a list that says some words."""
        return next((row for row in self.rows(names) if words in row.name), None)

    def reply(self) -> Node | None:
        """The box in which replies are written."""
        return next(iter(self.all(kind="ReplyEdit")), None)

    @property
    def window(self) -> Node:
        """The main window."""
        return self.all("Window", "DeskWindow")[0]

    def __str__(self) -> str:
        return "\n".join(
            f"{'  ' * n.depth}{n.role} {n.kind} {n.name!r} {n.value!r} {' '.join(sorted(n.states))}"
            for n in self.nodes
        )

    def _below(self, place: int) -> Iterator[Node]:
        for node in self.nodes[place + 1 :]:
            if node.depth <= self.nodes[place].depth:
                return
            yield node
