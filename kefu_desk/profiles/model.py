"""What one account on this computer needs to be opened; never a secret."""

import re
from dataclasses import dataclass, fields
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from kefu_desk.domain.agents import Role
from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.guard import SessionClock
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.text import Text, text

WECHAT = "https://api.weixin.qq.com"
SIMULATOR = "sim"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
APPID = re.compile(r"wx[0-9a-f]{16}")
AGENT = re.compile(r"[^@\s]{1,64}@[^@\s]{1,64}")
SCENARIO = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{kind}{n}" for kind in ("com", "lpt") for n in range(10)}
)
"""Names that Windows does not allow for a file."""


class Language(StrEnum):
    """The language of the window."""

    SYSTEM = "system"
    CHINESE = "zh_CN"
    ENGLISH = "en"


class Theme(StrEnum):
    """The colours of the window."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Problem:
    """One field of a profile that cannot be used, and why."""

    field: str
    words: Text


class ProfileError(DeskError):
    """A profile that cannot be used; `problems` names every field that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(
            Failure(
                Category.REQUEST,
                text("failure.profile.field", field=text(f"profile.field.{first.field}"), reason=first.words),
                detail=" ".join(problem.field for problem in problems),
                subject=first.field,
            )
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Profile:
    """One account on one computer. Every value that exists is usable.

    `name` is the name of its file and folders. `base_url` is WeChat, a server of one's own, or `sim://STORY`
    for the simulator inside this process. `poll_seconds` is the shortest time between two looks at the queue.
    `session_clock` tells what the half hour of a session counts from. `role` decides whose conversations are
    kept, and `history_days` how far back they are read; two days always are. `language` and `theme` override
    those of the whole program.

    Raises:
        ProfileError: when a field is wrong.
    """

    name: str
    title: str
    appid: str
    agent: AgentId
    agent_nick: str = ""
    base_url: str = WECHAT
    poll_seconds: float = 3.0
    session_clock: SessionClock = SessionClock.CREATED
    role: Role = Role.AGENT
    history_days: int = 30
    language: Language | None = None
    theme: Theme | None = None

    def __post_init__(self) -> None:
        problems = tuple(
            Problem(field.name, words)
            for field in fields(self)
            if (words := problem_of(field.name, getattr(self, field.name))) is not None
        )
        if problems:
            raise ProfileError(problems)

    @property
    def simulated(self) -> bool:
        """Whether nothing ever reaches WeChat."""
        return urlsplit(self.base_url).scheme == SIMULATOR


RANGES: dict[str, tuple[int, int]] = {
    "poll_seconds": (1, 60),
    "history_days": (0, 366),
    "hold_seconds": (0, 10),
    "reply_sends": (0, 100),
    "reply_hours": (1, 720),
}
"""The least and the most of each number that a person may set."""


def problem_of(field: str, value: object) -> Text | None:
    """Why a value cannot be used for a field of a profile, or None."""
    match field, value:
        case "name", str():
            good = NAME.fullmatch(value) is not None and value not in DEVICES
            words = text("profile.problem.name")
        case "title", str():
            good, words = bool(value.strip()) and fits(value, 60), text("profile.problem.title", limit=60)
        case "appid", str():
            good, words = APPID.fullmatch(value) is not None, text("profile.problem.appid")
        case "agent", str():
            good, words = AGENT.fullmatch(value) is not None, text("profile.problem.agent")
        case "agent_nick", str():
            good, words = fits(value, 60), text("profile.problem.agent_nick", limit=60)
        case _, float() | int() if field in RANGES:
            least, most = RANGES[field]
            good, words = least <= value <= most, text(f"profile.problem.{field}", least=least, most=most)
        case "base_url", str():
            return address_problem(value)
        case "proxy", str():
            good, words = not value or is_proxy(value), text("profile.problem.proxy")
        case _:
            return None
    return None if good else words


def fits(words: str, limit: int) -> bool:
    """Whether it is one line of at most that many characters."""
    return len(words) <= limit and (words.isprintable() or not words)


def address_problem(address: str) -> Text | None:
    """Why an address cannot be used as the base of all calls, or None."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return text("profile.problem.address")
    if parts.scheme == SIMULATOR:
        known = SCENARIO.fullmatch(parts.netloc) is not None and not extras(parts) and not parts.path
        return None if known else text("profile.problem.simulator")
    if parts.scheme not in ("http", "https") or not host or extras(parts) or not address.isprintable():
        return text("profile.problem.address")
    if parts.scheme == "http" and host not in LOOPBACK:
        return text("profile.problem.plain_http")
    return None


def is_proxy(address: str) -> bool:
    """Whether an address can be used as an HTTP proxy; a password in it would lie in a file."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    known = parts.scheme in ("http", "https") and bool(host) and parts.path in ("", "/")
    return known and not extras(parts) and address.isprintable()


def extras(parts: SplitResult) -> bool:
    """Whether an address carries more than a base may: a user, a password, a query or a fragment."""
    return bool(parts.username or parts.password or parts.query or parts.fragment or " " in parts.netloc)
