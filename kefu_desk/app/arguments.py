"""Words of a shell as the values that the client takes, or a sentence that names the argument at fault."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin

import msgspec

from kefu_desk.wechat.arguments import ArgumentError

BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
SHANGHAI = timezone(timedelta(hours=8))
DAY = timedelta(days=1)

LARGEST = 2**63 - 1
WORD_DIGITS = 30
MOMENTS = frozenset({"start", "end"})
"""Arguments in Unix seconds that may also be written as dates."""

UPLOADS = {"image": "image", "voice": "voice", "video": "video"}
"""What a media_id of a message type is uploaded as; every thumb_media_id is a picture."""


class BadArgument(ValueError):  # noqa: N818  it names what is wrong, as its builtin parent does
    """A word of the command line that cannot be taken; the message says what to write instead."""

    def __init__(self, message: str, argument: str = "") -> None:
        super().__init__(message)
        self.argument = argument


class Upload(msgspec.Struct, frozen=True):
    """A file that is uploaded before the message that shows it; stands where its media id will."""

    kind: str
    path: str
    data: bytes


class Draft(msgspec.Struct, frozen=True):
    """A message as typed: its type and its fields, some of them still to be uploaded."""

    letter: type[msgspec.Struct]
    fields: dict[str, Any]

    def uploads(self) -> dict[str, Upload]:
        """The fields that need an upload."""
        return {name: value for name, value in self.fields.items() if isinstance(value, Upload)}

    def written(self, media: dict[str, str]) -> msgspec.Struct:
        """The message with the media ids in their places.

        Raises:
            BadArgument: naming the field that WeChat would refuse.
        """
        try:
            return self.letter(**{**self.fields, **media})
        except ArgumentError as error:
            raise BadArgument(str(error), error.field) from error


def convert(name: str, words: Sequence[str], kind: object) -> object:
    """One argument from the words given for it; bytes are read from the named file."""
    kind = _without_none(kind)
    item = _item_of(kind)
    if item is not None:
        return tuple(_items(name, words, item))
    if len(words) > 1:
        raise BadArgument(f"{name} is given twice", name)
    (value,) = words
    if kind is int:
        return moment(name, value) if name in MOMENTS else _whole(name, value)
    if kind is bool:
        if value.lower() not in BOOLEANS:
            raise BadArgument(f"{name} must be true or false, not {value!r}", name)
        return BOOLEANS[value.lower()]
    if kind is bytes:
        return file_bytes(name, value)
    if kind is str or isinstance(kind, str):
        return value
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        choices = ", ".join(str(c) for c in get_args(kind) or getattr(kind, "__members__", {}).values())
        hint = f"one of {choices}" if choices else "another value"
        raise BadArgument(f"{name} must be {hint}, not {value!r}", name) from None


def media(letter: str, name: str, value: str) -> str | Upload:
    """A media id, or with a leading @ the file that becomes one."""
    if not value.startswith("@"):
        return value
    kind = "image" if name == "thumb_media_id" and letter == "miniprogrampage" else UPLOADS.get(letter)
    kind = "thumb" if name == "thumb_media_id" and kind != "image" else kind
    if kind is None:
        raise BadArgument(f"{name} of {letter} cannot be uploaded; give an id of the material library", name)
    return Upload(kind, value[1:], file_bytes(name, value[1:]))


def moment(name: str, value: str) -> int:
    """Unix seconds, or a date or time in Asia/Shanghai; a date alone is its first or last second."""
    if value.removeprefix("-").isdigit() or not value[:1].isdigit() or "-" not in value:
        return _whole(name, value, "a time such as 2026-11-22 or 2026-11-22T09:00, or Unix seconds")
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise BadArgument(
            f"{name} must be a time such as 2026-11-22 or 2026-11-22T09:00, not {value!r}", name
        ) from None
    zoned = time.replace(tzinfo=SHANGHAI) if time.tzinfo is None else time
    if name in {"end", "--to", "--until"} and len(value) == len("2026-11-22"):
        zoned += DAY - timedelta(seconds=1)
    return int(zoned.timestamp())


def shown_moment(seconds: int) -> str:
    """Unix seconds as date and time in Asia/Shanghai."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def file_bytes(name: str, path: str) -> bytes:
    """What the named file holds."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or "no name of a file"
        raise BadArgument(f"{name} must be a file, and {path!r} is none: {reason}", name) from None


def _items(name: str, words: Sequence[str], kind: object) -> list[object]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [item for word in words for item in _structs(name, word, kind)]
    parts: list[object] = []
    for word in words:
        text = file_bytes(name, word[1:]).decode("utf-8", "replace") if word.startswith("@") else word
        parts += [convert(name, [part], kind) for part in text.replace(",", " ").split()]
    return parts


def _structs(name: str, word: str, kind: type[msgspec.Struct]) -> list[msgspec.Struct]:
    """Items of a message: JSON with the client's names, or the fields in order with | between them."""
    names = [field.name for field in msgspec.structs.fields(kind)]
    form = f"{name}={'|'.join(names)}"
    try:
        if word[:1] in {"{", "["}:
            given = msgspec.json.decode(word)
            rows = given if isinstance(given, list) else [given]
            return [kind(**row) for row in rows]
        parts = word.split("|")
        if len(parts) > len(names):
            raise BadArgument(f"{name} has {len(parts)} parts; write {form}", name)
        return [kind(**dict(zip(names, parts, strict=False)))]
    except ArgumentError as error:
        raise BadArgument(f"{name}: {error}; write {form}", name) from error
    except (TypeError, msgspec.MsgspecError) as error:
        raise BadArgument(f"{name}: {error}; write {form}", name) from error


def _whole(name: str, value: str, form: str = "a whole number") -> int:
    try:
        number = int(value) if len(value) <= WORD_DIGITS else LARGEST + 1
    except ValueError:
        raise BadArgument(f"{name} must be {form}, not {value!r}", name) from None
    if abs(number) > LARGEST:
        raise BadArgument(f"{name} must be below {LARGEST}", name)
    return number


def _without_none(kind: object) -> object:
    if get_origin(kind) in (Union, UnionType):
        kinds = [option for option in get_args(kind) if option is not type(None)]
        return kinds[0] if len(kinds) == 1 else kind
    return kind


def _item_of(kind: object) -> object | None:
    """What a sequence holds; None for what is no sequence."""
    origin = get_origin(kind)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return cast("object", get_args(kind)[0])
    return None
