"""`kefu-desk call`: any method of the client from a shell."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, get_args

import msgspec

from kefu_desk.app.arguments import BadArgument, Draft, convert, media
from kefu_desk.wechat import letters
from kefu_desk.wechat.arguments import ArgumentError
from kefu_desk.wechat.client import WeChatClient

LETTERS: Mapping[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(letters.Letter)
}
"""The message types by WeChat's name for them."""

MESSAGE = "message"
KIND = "kind"
PENDING = "uploaded-first"
RAW = "raw"

Parameters = dict[str, tuple[object, bool]]
"""Arguments by name: their type, and whether they must be given."""


def groups() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The methods that can be called, by what they are about."""
    for group in WeChatClient.__mro__[1:]:
        names = tuple(n for n, f in vars(group).items() if not n.startswith("_") and inspect.isfunction(f))
        if names and group is not object:
            yield group.__name__, names


def methods() -> dict[str, str]:
    """Every callable method with its arguments and its promise, for the list."""
    found = {}
    for _, names in groups():
        for name in names:
            shown = [
                n.upper() if needed else f"[{n.upper()}]" for n, (_, needed) in _parameters(name).items()
            ]
            found[name] = " ".join([name, *shown]) + f"\n    {_promise(name)[0]}"
    return found


def listing() -> str:
    """All methods under the names of their groups."""
    told = methods()
    parts = [f"{group}\n\n" + "\n".join(f"  {told[name]}" for name in names) for group, names in groups()]
    kinds = ", ".join(LETTERS)
    return "\n\n".join([*parts, f"Kinds of message for send: {kinds}", "More: kefu-desk call METHOD --help"])


def help_of(method: str, words: Sequence[str] = ()) -> str:
    """What a method promises and what it takes; `send` tells the fields of a kind that is named.

    Raises:
        BadArgument: when there is no such method.
    """
    _check_method(method)
    kind = next((word.removeprefix(f"{KIND}=") for word in words), "")
    letter = LETTERS.get(kind) if method == "send" else None
    parameters = _parameters(method) if letter is None else _letter_parameters(letter)
    head = [f"kefu-desk call {method}" + (f" {kind}" if letter else "") + " NAME=VALUE …", ""]
    promise = _promise(method) if letter is None else [inspect.getdoc(letter) or ""]
    rows = [
        f"  {name.ljust(16)}{'' if needed else 'optional, '}{_described(name, hint)}"
        for name, (hint, needed) in parameters.items()
    ]
    return "\n".join([*head, *promise, "", *(rows or ["  takes no arguments"])])


def bind(method: str, words: Sequence[str]) -> dict[str, Any]:
    """The arguments of a method from `NAME=VALUE` words or plain words in order.

    Raises:
        BadArgument: naming the method or the argument at fault.
    """
    _check_method(method)
    if method != "send":
        parameters = _parameters(method)
        given = _sorted_out(method, parameters, words)
        return {name: convert(name, value, parameters[name][0]) for name, value in given.items()}
    kind = words[0].removeprefix(f"{KIND}=") if words else ""
    letter = LETTERS.get(kind)
    if letter is None:
        raise BadArgument(f"send needs a kind of message first, one of {', '.join(LETTERS)}", KIND)
    return _bound_message(kind, letter, words[1:])


async def call(client: WeChatClient, method: str, values: Mapping[str, Any]) -> object:
    """Calls a method with what `bind` made and gives its answer as JSON values; an iteration becomes a list.

    Raises:
        BadArgument: for values that WeChat would refuse anyway.
        WeChatError: when WeChat or the network refuses.
    """
    function: Callable[..., Awaitable[Any] | AsyncIterator[Any]] = getattr(client, method)
    try:
        values = {n: await _posted(client, v) if isinstance(v, Draft) else v for n, v in values.items()}
        answer = function(**values)
        value = [item async for item in answer] if isinstance(answer, AsyncIterator) else await answer
    except BadArgument:
        raise
    except ArgumentError as error:
        raise BadArgument(f"{method}: {error}", error.field) from error
    except ValueError as error:  # the client's methods say so about their arguments
        raise BadArgument(f"{method}: {error}") from error
    return plain(value)


def plain(value: object) -> object:
    """An answer as JSON values; what WeChat did not send is left out, bytes stay bytes."""
    if isinstance(value, msgspec.Struct):
        told = {name: getattr(value, name) for name in value.__struct_fields__}
        if isinstance(told.get(RAW), bytes):
            told[RAW] = msgspec.Raw(told[RAW])
        return {name: plain(item) for name, item in told.items() if not _missing(name, item)}
    if isinstance(value, msgspec.Raw):
        return _unpacked(bytes(value))
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(item) for item in value]
    return value


async def _posted(client: WeChatClient, draft: Draft) -> msgspec.Struct:
    ids = {}
    for name, file in draft.uploads().items():
        ids[name] = (await client.upload_media(file.kind, file.data)).id
    return draft.written(ids)


def _bound_message(kind: str, letter: type[msgspec.Struct], words: Sequence[str]) -> dict[str, Any]:
    parameters = _letter_parameters(letter)
    given = _sorted_out(f"send {kind}", parameters, words)
    own = {field.name for field in msgspec.structs.fields(letter)}
    values = {name: convert(name, value, parameters[name][0]) for name, value in given.items()}
    fields = {
        name: media(kind, name, str(value)) if name.endswith("media_id") else value
        for name, value in values.items()
        if name in own
    }
    draft = Draft(letter, fields)
    draft.written(dict.fromkeys(draft.uploads(), PENDING))
    return {MESSAGE: draft, **{name: value for name, value in values.items() if name not in own}}


def _sorted_out(method: str, parameters: Parameters, words: Sequence[str]) -> dict[str, list[str]]:
    """The words by the argument they are for."""
    given: dict[str, list[str]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in parameters:
            free = [n for n in parameters if n not in given]
            if not free:
                raise BadArgument(f"{method} takes no further argument: {word!r}", word)
            name, value = free[0], word
        given.setdefault(name, []).append(value)
    missing = [n for n, (_, needed) in parameters.items() if needed and n not in given]
    if missing:
        raise BadArgument(
            f"{method} needs {', '.join(missing)}; see `kefu-desk call {method} --help`", missing[0]
        )
    return given


def _check_method(method: str) -> None:
    known = [name for _, names in groups() for name in names]
    if method not in known:
        import difflib

        near = difflib.get_close_matches(method, known, 1)
        hint = f"did you mean {near[0]}?" if near else "`kefu-desk call` lists them"
        raise BadArgument(f"unknown method {method!r}; {hint}", "method")


def _parameters(method: str) -> Parameters:
    function = getattr(WeChatClient, method)
    found = list(inspect.signature(function).parameters.values())[1:]
    parameters = {p.name: (p.annotation, p.default is p.empty) for p in found}
    if method == "send":
        del parameters[MESSAGE]
        return {KIND: (str, True), **parameters}
    return parameters


def _letter_parameters(letter: type[msgspec.Struct]) -> Parameters:
    """The fields of a message after the openid, and then what else `send` takes."""
    envelope = _parameters("send")
    del envelope[KIND]
    fields = {f.name: (f.type, f.required) for f in msgspec.structs.fields(letter)}
    return {"openid": envelope.pop("openid"), **fields, **envelope}


def _promise(method: str) -> list[str]:
    """What a method says of itself, without its exceptions: in a shell they are exit codes."""
    told = inspect.getdoc(getattr(WeChatClient, method)) or ""
    return told.partition("\n\nRaises:")[0].splitlines()


def _described(name: str, hint: object) -> str:
    if name == KIND:
        return f"one of {', '.join(LETTERS)}; `kefu-desk call send KIND --help` tells its fields"
    if name in {"start", "end"}:
        return "2026-11-22 or 2026-11-22T09:00 in Asia/Shanghai, or Unix seconds"
    if name.endswith("media_id"):
        return "a media id, or @FILE to upload one first"
    known = {int: "a whole number", bool: "true or false", bytes: "a file", str: "text"}
    if isinstance(hint, type) and hint in known:
        return known[hint]
    items = next((i for i in get_args(hint) if isinstance(i, type) and issubclass(i, msgspec.Struct)), None)
    if items is not None:
        return "|".join(f.name for f in msgspec.structs.fields(items)) + ", once for each"
    return (
        "several, with commas, or @FILE" if get_args(hint)[:1] == (str,) else str(hint).replace("typing.", "")
    )


def _missing(name: str, value: object) -> bool:
    if name == "errmsg" and not value:
        return True
    return value is msgspec.UNSET or (isinstance(value, msgspec.Raw) and not bytes(value))


def _unpacked(raw: bytes) -> object:
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return raw.decode("utf-8", "replace")
