"""`kefu-desk call`: any method of the client from a shell, with its answer as JSON."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from kefu_desk.wechat.accounts import Accounts
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.messages import Messages
from kefu_desk.wechat.records import Records
from kefu_desk.wechat.sessions import Sessions

GROUPS = (Accounts, Sessions, Messages, Records)
BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

LARGEST = 2**63 - 1
WORD_DIGITS = 30


class BadArgument(ValueError):  # noqa: N818  it names what is wrong, as its builtin parent does
    """A word of the command line that the method does not take; the message says what to write."""


def methods() -> dict[str, str]:
    """Every callable method with its arguments and its promise, for the list."""
    found = {}
    for group in GROUPS:
        for name, function in vars(group).items():
            if name.startswith("_") or not callable(function):
                continue
            parameters = list(inspect.signature(function).parameters.values())[1:]
            shown = " ".join(
                p.name.upper() if p.default is p.empty else f"[{p.name.upper()}]" for p in parameters
            )
            summary = (inspect.getdoc(function) or "").split("\n", 1)[0]
            found[name] = f"{name} {shown}".strip() + f"\n    {summary}"
    return found


def bind(method: str, words: Sequence[str]) -> dict[str, Any]:
    """The arguments of a method from `NAME=VALUE` words or plain words in order.

    Raises:
        BadArgument: naming the method or the argument at fault.
    """
    if method not in methods():
        raise BadArgument(f"unknown method {method!r}; `kefu-desk call` lists them")
    signature = inspect.signature(getattr(WeChatClient, method))
    parameters = {p.name: p for p in list(signature.parameters.values())[1:]}
    values: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in parameters:
            free = [n for n in parameters if n not in values]
            if not free:
                raise BadArgument(f"{method} takes no further argument: {word!r}")
            name, value = free[0], word
        elif name in values:
            raise BadArgument(f"{name} is given twice")
        values[name] = convert(name, value, parameters[name].annotation)
    missing = [n for n, p in parameters.items() if p.default is p.empty and n not in values]
    if missing:
        raise BadArgument(f"{method} needs {', '.join(missing)}")
    return values


def convert(name: str, value: str, kind: object) -> object:
    """A word of the shell as the type that the method wants; bytes are read from the named file."""
    if kind is int:
        return _whole(name, value)
    if kind is bool:
        if value.lower() not in BOOLEANS:
            raise BadArgument(f"{name} must be true or false, not {value!r}")
        return BOOLEANS[value.lower()]
    if kind is bytes:
        try:
            return Path(value).read_bytes()
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = getattr(error, "strerror", None) or "no name of a file"
            raise BadArgument(f"{name} must be a file, and {value!r} is none: {reason}") from None
    return value


async def call(client: WeChatClient, method: str, values: Mapping[str, Any]) -> str:
    """Calls a method with what `bind` made and gives its answer as JSON; an iteration becomes a list.

    Raises:
        BadArgument: for values that WeChat would refuse anyway.
        WeChatError: when WeChat or the network refuses.
    """
    function: Callable[..., Awaitable[Any] | AsyncIterator[Any]] = getattr(client, method)
    try:
        answer = function(**values)
        value = [item async for item in answer] if isinstance(answer, AsyncIterator) else await answer
    except ValueError as error:  # the client's methods say so about their arguments
        raise BadArgument(f"{method}: {error}") from error
    return msgspec.json.format(msgspec.json.encode(plain(value)), indent=2).decode()


def _whole(name: str, value: str) -> int:
    try:
        number = int(value) if len(value) <= WORD_DIGITS else LARGEST + 1
    except ValueError:
        raise BadArgument(f"{name} must be a whole number, not {value!r}") from None
    if abs(number) > LARGEST:
        raise BadArgument(f"{name} must be below {LARGEST}")
    return number


def plain(value: object) -> object:
    """An answer as JSON values; what WeChat did not send is left out."""
    if isinstance(value, msgspec.Struct):
        told = {name: getattr(value, name) for name in value.__struct_fields__}
        return {name: plain(item) for name, item in told.items() if not _missing(item)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def _missing(value: object) -> bool:
    return value is msgspec.UNSET or (isinstance(value, msgspec.Raw) and not bytes(value))
