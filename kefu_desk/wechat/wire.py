"""WeChat's replies as frozen values, however carelessly they were written.

Decoding has a fast road for replies as documented and a slow one, field by field and row by row, for
everything else: unknown fields are ignored, missing ones defaulted, numbers taken as strings and the reverse,
and a row that makes no sense is skipped and counted instead of losing the page.
"""

from contextlib import suppress
from typing import Annotated, Self, TypeVar, get_args, get_origin

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, ValidationError, convert, field
from msgspec.structs import fields, replace

Seconds = Annotated[int, Meta(ge=0, le=2**53)]
Small = Annotated[int, Meta(ge=-(2**31), lt=2**31)]
Filled = Annotated[str, Meta(min_length=1)]

_NEVER_ON_THE_WIRE = "(rows left out)"
"""The key of a field that only this module fills in."""


class Reply(Struct, frozen=True):
    """What every reply may carry; `errcode` stays raw because only 0 and "0" mean success."""

    errcode: Raw = Raw()
    errmsg: str = ""

    def is_complete(self) -> bool:
        """Whether the reply says anything that this endpoint is asked for."""
        return True

    def with_raw(self, raw: bytes) -> Self:
        """The same with the bytes it was read from, where somebody may want them."""
        del raw
        return self


class SendReply(Reply, frozen=True):
    """custom/send: WeChat gives no id; `raw` is the reply as it came."""

    raw: bytes = field(name="(raw)", default=b"")

    def with_raw(self, raw: bytes) -> Self:
        """The same with the bytes it was read from."""
        return replace(self, raw=raw)


class TokenReply(Reply, frozen=True):
    """An access token and the seconds it is still good for."""

    access_token: str = ""
    expires_in: int = 7200

    def __repr__(self) -> str:
        return f"TokenReply(access_token=***, expires_in={self.expires_in})"

    def is_complete(self) -> bool:
        """Whether there is a token."""
        return bool(self.access_token)


class KfAccount(Struct, frozen=True, gc=False):
    """One agent account of getkflist; `invite_expires` in Unix seconds."""

    account: str = field(name="kf_account", default="")
    nick: str = field(name="kf_nick", default="")
    kf_id: int | str = ""
    avatar_url: str = field(name="kf_headimgurl", default="")
    wechat_id: str = field(name="kf_wx", default="")
    invite_wechat_id: str = field(name="invite_wx", default="")
    invite_status: str = ""
    invite_expires: Seconds = field(name="invite_expire_time", default=0)

    @property
    def number(self) -> str:
        """The worker number, which arrives as a number or as a string."""
        return str(self.kf_id)


class KfListReply(Reply, frozen=True):
    """getkflist; the newest page's example shows the list under the other key."""

    kf_list: tuple[KfAccount, ...] | UnsetType = UNSET
    kf_online_list: tuple[KfAccount, ...] | UnsetType = UNSET

    @property
    def accounts(self) -> tuple[KfAccount, ...]:
        """All accounts, under whichever key they came."""
        if self.kf_list is not UNSET:
            return self.kf_list
        return () if self.kf_online_list is UNSET else self.kf_online_list


class KfOnline(Struct, frozen=True, gc=False):
    """One agent of getonlinekflist."""

    account: str = field(name="kf_account", default="")
    status: Small = 0
    kf_id: int | str = ""
    accepted_case: Small = 0


class KfOnlineReply(Reply, frozen=True):
    """getonlinekflist."""

    kf_online_list: tuple[KfOnline, ...] = ()


class SessionReply(Reply, frozen=True):
    """getsession; `account` is empty when nobody serves the customer."""

    account: str | UnsetType = field(name="kf_account", default=UNSET)
    createtime: Seconds = 0

    def is_complete(self) -> bool:
        """Whether the reply names an agent or says that there is none."""
        return self.account is not UNSET


class SessionItem(Struct, frozen=True, gc=False):
    """One session of getsessionlist; `createtime` in Unix seconds."""

    openid: Filled
    createtime: Seconds = 0


class SessionListReply(Reply, frozen=True):
    """getsessionlist."""

    sessionlist: tuple[SessionItem, ...] = ()


class WaitCase(Struct, frozen=True, gc=False):
    """One row of getwaitcase, in today's shape or in the old one."""

    openid: Filled
    latest_time: Seconds = 0
    createtime: Seconds = 0
    account: str = field(name="kf_account", default="")

    @property
    def time(self) -> int:
        """The customer's last message in Unix seconds; the old shape only has the arrival."""
        return self.latest_time or self.createtime


class WaitCaseReply(Reply, frozen=True):
    """getwaitcase; `count` may exceed the 100 rows listed."""

    count: Seconds | UnsetType = UNSET
    waitcaselist: tuple[WaitCase, ...] | UnsetType = UNSET

    @property
    def cases(self) -> tuple[WaitCase, ...]:
        """The rows listed, in order of arrival."""
        return () if self.waitcaselist is UNSET else self.waitcaselist

    @property
    def total(self) -> int:
        """How many wait in all."""
        return len(self.cases) if self.count is UNSET else max(self.count, len(self.cases))

    def is_complete(self) -> bool:
        """Whether the reply tells who waits; neither `{}` nor a lone count may empty the queue."""
        return self.waitcaselist is not UNSET or self.count == 0


class RecordItem(Struct, frozen=True, gc=False):
    """One line of getmsglist; `time` in Unix seconds. Old replies pad the worker with spaces."""

    openid: Filled
    time: Seconds
    opercode: Small = 0
    text: str = ""
    raw_worker: str = field(name="worker", default="")

    @property
    def worker(self) -> str:
        """The agent account."""
        return self.raw_worker.strip()


class RecordsReply(Reply, frozen=True):
    """One page of getmsglist; `skipped` counts rows of it that made no sense."""

    recordlist: tuple[RecordItem, ...] | UnsetType = UNSET
    number: Seconds | UnsetType = UNSET
    msgid: Seconds = 0
    skipped: int = field(name=_NEVER_ON_THE_WIRE, default=0)

    @property
    def records(self) -> tuple[RecordItem, ...]:
        """The rows of this page."""
        return () if self.recordlist is UNSET else self.recordlist

    @property
    def length(self) -> int:
        """Rows that the page had; WeChat's own `number` is not trusted."""
        return len(self.records) + self.skipped

    def is_complete(self) -> bool:
        """Whether the reply tells the records; `{}` must not count as an hour without any."""
        return self.recordlist is not UNSET or self.number == 0


class Doubled(dict[str, object]):
    """A JSON object that has a name twice: nobody can say which of the two is meant."""


S = TypeVar("S", bound=Struct)


def mended(words: str) -> str:
    """The words with lone surrogates replaced and joined pairs kept."""
    return words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def mended_throughout(value: object) -> object:
    """A JSON value with every string in it mended."""
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, dict):
        whole = {mended(str(name)): mended_throughout(item) for name, item in value.items()}
        return Doubled(whole) if isinstance(value, Doubled) else whole
    if isinstance(value, list):
        return [mended_throughout(item) for item in value]
    return value


def pick_out(kind: type[S], obj: dict[str, object]) -> tuple[S, int]:
    """Takes from a decoded object what can be used, and counts the rows that could not.

    Raises:
        ValidationError: when a field without a default is missing or a list is not one.
    """
    kept: dict[str, object] = {}
    skipped = 0
    for spec in fields(kind):
        value = obj.get(spec.encode_name)
        if value is not None and spec.name != "errcode":
            usable, bad = _usable(spec.type, value)
            skipped += bad
            if usable is not None:
                kept[spec.name] = usable
        if spec.required and spec.name not in kept:
            raise ValidationError(f"no usable {spec.encode_name}")
    if skipped and kind is RecordsReply:
        kept["skipped"] = skipped
    return kind(**kept), skipped


def left_out(kind: type[Struct], obj: dict[str, object]) -> list[object]:
    """The rows of a decoded object that `pick_out` could not use, as they came."""
    found: list[object] = []
    for spec in fields(kind):
        row, value = _row_kind(spec.type), obj.get(spec.encode_name)
        if row is not None and isinstance(value, list):
            found += [item for item in value if not _rows(row, [item])[0]]
    return found


def damaged(obj: dict[str, object]) -> list[object]:
    """The rows of a decoded object in which a text is no text throughout, as they came."""
    lists = [value for value in obj.values() if isinstance(value, list)]
    return [row for rows in lists for row in rows if _is_damaged(row)]


def _is_damaged(value: object) -> bool:
    if isinstance(value, str):
        return mended(value) != value
    if isinstance(value, dict):
        return any(_is_damaged(item) for item in value.values())
    return isinstance(value, list) and any(_is_damaged(item) for item in value)


def known_names(kind: type[Struct]) -> tuple[frozenset[str], frozenset[str]]:
    """The names on the wire of a reply's fields, and of the fields of its rows."""
    rows = [row for spec in fields(kind) if isinstance(row := _row_kind(spec.type), type)]
    inner = [spec.encode_name for row in rows if issubclass(row, Struct) for spec in fields(row)]
    return frozenset(spec.encode_name for spec in fields(kind)), frozenset(inner)


def _usable(kind: object, value: object) -> tuple[object, int]:
    """The value as the kind or None, and the rows of it that had to be left out."""
    row = _row_kind(kind)
    if row is not None:
        return _rows(row, value)
    for option in (kind, *get_args(kind)):
        if isinstance(option, type) and issubclass(option, Struct):
            return pick_out(option, value) if isinstance(value, dict) else (None, 0)
    return _plain(value, kind), 0


def _rows(kind: object, value: object) -> tuple[tuple[object, ...], int]:
    if not isinstance(value, list):
        raise ValidationError("no list where there should be one")
    rows: list[object] = []
    for obj in value:
        if not (isinstance(kind, type) and issubclass(kind, Struct)):
            item = _plain(obj, kind)
            if item is not None:
                rows.append(item)
            continue
        if not isinstance(obj, dict) or isinstance(obj, Doubled):
            continue
        try:
            rows.append(convert(obj, kind, strict=False))
        except (ValueError, OverflowError):
            with suppress(ValidationError):
                rows.append(pick_out(kind, obj)[0])
    return tuple(rows), len(value) - len(rows)


def _plain(value: object, kind: object) -> object:
    try:
        return convert(value, kind, strict=False)
    except (ValueError, OverflowError):
        if isinstance(value, int) and not isinstance(value, bool):
            try:
                return convert(str(value), kind, strict=False)
            except (ValueError, OverflowError):
                return None
        return None


def _row_kind(kind: object) -> object:
    """What a tuple holds, also one that may be left out; None for everything else."""
    for option in (kind, *get_args(kind)):
        if get_origin(option) is tuple:
            return get_args(option)[0]
    return None
