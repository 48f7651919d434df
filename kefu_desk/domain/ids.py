"""Identifiers that must not be confused with one another or with plain text."""

from typing import NewType

OpenId = NewType("OpenId", str)
"""A customer, as one Official Account knows them: 28 characters, case matters."""

AgentId = NewType("AgentId", str)
"""A full agent account, `prefix@account`."""

OutboxId = NewType("OutboxId", int)
"""A row of this desk's outbox; it never leaves the computer."""


def tail(openid: str) -> str:
    """The last four letters or digits, enough to tell two anonymous customers apart on one screen."""
    return "".join(c for c in openid if c.isalnum())[-4:].upper()
