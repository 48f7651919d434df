"""What is handed to the client, checked before anything is sent."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

REMARK_BYTES = 29
"""WeChat wants fewer than 30."""

TAG_NAME_BYTES = 30


class ArgumentError(ValueError):
    """An argument that WeChat would refuse anyway; `field` names it and `problem` tells what to write."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field
        self.problem = problem


def filled(field: str, value: str) -> str:
    """The value, unless it is empty or blank."""
    if not value.strip():
        raise ArgumentError(field, "must not be empty")
    return value


def at_most(field: str, value: str, limit: int) -> str:
    """The value, unless it has more bytes of UTF-8 than `limit`."""
    size = len(value.encode("utf-8", "surrogatepass"))
    if size > limit:
        raise ArgumentError(field, f"has {size} bytes in UTF-8, {limit} are allowed")
    return value


def appid(field: str, value: str) -> str:
    """The value, if it is an AppID: `wx` and 16 hexadecimal digits."""
    if len(value) != 18 or value[:2] != "wx" or not all(sign in "0123456789abcdef" for sign in value[2:]):
        raise ArgumentError(field, "must be wx and 16 of the signs 0-9 a-f")
    return value


def address(field: str, value: str) -> str:
    """The value, if it is a web address; one with an access token in it makes WeChat refuse the token."""
    try:
        parts = urlsplit(value)
    except ValueError:
        raise ArgumentError(field, "is not an address") from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ArgumentError(field, "must begin with https:// or http:// and name a host")
    if "access_token=" in value:
        raise ArgumentError(field, "must not hold an access_token")
    return value


def path(field: str, value: str) -> str:
    """The value, if it is the path of an endpoint."""
    if not value.startswith("/"):
        raise ArgumentError(field, "must begin with /")
    return value


def one_of(field: str, value: str, allowed: tuple[str, ...]) -> str:
    """The value, if it is one of those."""
    if value not in allowed:
        raise ArgumentError(field, f"must be one of {', '.join(allowed)}")
    return value


def batches(openids: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """The openids, each once and in order, in parts of at most `size`."""
    if isinstance(openids, str):
        raise ArgumentError("openids", "must be several, not one text")
    unique = tuple(dict.fromkeys(filled("openids", openid) for openid in openids))
    if not unique:
        raise ArgumentError("openids", "must name somebody")
    return (unique[at : at + size] for at in range(0, len(unique), size))
