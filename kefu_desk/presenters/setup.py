"""Adding an account, step by step, as the wizard shows it."""

from enum import StrEnum

from msgspec import Struct

from kefu_desk.domain.failure import Action
from kefu_desk.domain.text import NOTHING, Text


class CheckState(StrEnum):
    """How far one test of the connection has come."""

    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"


class CheckRow(Struct, frozen=True):
    """One tested step: 36-px row; a failed one opens with its reason, a value to copy and an action."""

    key: str
    title: Text
    state: CheckState
    result: Text = NOTHING
    reason: Text | None = None
    value: str = ""
    action: Action | None = None
    detail: str = ""


class AgentChoice(Struct, frozen=True):
    """An agent account the person may pick as their own."""

    agent: str
    nick: str
    hint: Text
    usable: bool


class SetupView(Struct, frozen=True):
    """What the wizard shows of the running tests; `choices` come with the last passed step."""

    rows: tuple[CheckRow, ...] = ()
    running: bool = False
    passed: bool = False
    choices: tuple[AgentChoice, ...] = ()
    vault_warning: Text | None = None
