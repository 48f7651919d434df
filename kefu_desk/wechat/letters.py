"""What can be sent to a customer: one frozen value a message type, valid once it exists (API reference 4.2).

Every value raises `ArgumentError` when a field breaks a published rule. `body()` is the part of the request
that differs between the types; strings in it are repaired so that they can be sent.
"""

from msgspec import Struct, field, to_builtins

from kefu_desk.domain.limits import TEXT_BYTES, repaired
from kefu_desk.wechat.arguments import ArgumentError, address, appid, at_most, filled

_UNSENDABLE = dict.fromkeys([*range(32), 127])
del _UNSENDABLE[ord("\n")], _UNSENDABLE[ord("\t")]


def plain(words: str) -> str:
    r"""The words as they can be sent: without the characters that JSON can only write as `\u0001`."""
    return repaired(words).translate(_UNSENDABLE)


class _Body(Struct, frozen=True, omit_defaults=True, tag_field="msgtype", tag=""):
    """What all message types share."""

    def body(self) -> dict[str, object]:
        """`msgtype` and the object of that name, as they stand in the request."""
        content = _sendable(to_builtins(self))
        msgtype = str(content.pop("msgtype"))
        return {"msgtype": msgtype, msgtype: content}


class Text(_Body, frozen=True, tag="text"):
    """A text of at most 2048 bytes of UTF-8; links `<a href="…">…</a>` are allowed."""

    text: str = field(name="content")

    def __post_init__(self) -> None:
        words = plain(self.text)
        filled("text", words)
        at_most("text", words, TEXT_BYTES)


class Image(_Body, frozen=True, tag="image"):
    """An uploaded picture."""

    media_id: str

    def __post_init__(self) -> None:
        filled("media_id", self.media_id)


class Voice(_Body, frozen=True, tag="voice"):
    """An uploaded recording."""

    media_id: str

    def __post_init__(self) -> None:
        filled("media_id", self.media_id)


class Video(_Body, frozen=True, kw_only=True, tag="video"):
    """An uploaded film with an uploaded picture for its cover."""

    media_id: str
    thumb_media_id: str
    title: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        filled("media_id", self.media_id)
        filled("thumb_media_id", self.thumb_media_id)


class Music(_Body, frozen=True, kw_only=True, tag="music"):
    """A song at a web address; `hq_url` is played on fast networks."""

    title: str = ""
    description: str = ""
    url: str = field(name="musicurl")
    hq_url: str = field(name="hqmusicurl", default="")
    thumb_media_id: str

    def __post_init__(self) -> None:
        address("url", self.url)
        if self.hq_url:
            address("hq_url", self.hq_url)
        filled("thumb_media_id", self.thumb_media_id)


class Article(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The card of an outside page."""

    title: str
    description: str = ""
    url: str
    picture_url: str = field(name="picurl", default="")

    def __post_init__(self) -> None:
        filled("title", self.title)
        address("url", self.url)
        if self.picture_url:
            address("picture_url", self.picture_url)


class News(_Body, frozen=True, tag="news"):
    """A card that opens an outside page: exactly one article."""

    articles: tuple[Article, ...]

    def __post_init__(self) -> None:
        if len(self.articles) != 1:
            raise ArgumentError("articles", f"must be exactly one article, not {len(self.articles)}")


class MpNews(_Body, frozen=True, tag="mpnews"):
    """A card of an article in the material library."""

    media_id: str

    def __post_init__(self) -> None:
        filled("media_id", self.media_id)


class MpNewsArticle(_Body, frozen=True, tag="mpnewsarticle"):
    """A card of a published article."""

    article_id: str

    def __post_init__(self) -> None:
        filled("article_id", self.article_id)


class MenuItem(Struct, frozen=True):
    """One choice of a menu; WeChat gives back only numeric ids."""

    id: str
    content: str

    def __post_init__(self) -> None:
        if not (self.id.isascii() and self.id.isdigit()):
            raise ArgumentError("items", f"must have numeric ids, not {self.id!r}")
        filled("items", self.content)


class Menu(_Body, frozen=True, kw_only=True, tag="msgmenu"):
    """A question with choices to tap; the tap comes back as a text."""

    head: str = field(name="head_content", default="")
    items: tuple[MenuItem, ...] = field(name="list")
    tail: str = field(name="tail_content", default="")

    def __post_init__(self) -> None:
        if not self.items:
            raise ArgumentError("items", "must be one or more")
        if len({item.id for item in self.items}) < len(self.items):
            raise ArgumentError("items", "must have different ids")


class Card(_Body, frozen=True, kw_only=True, tag="wxcard"):
    """A coupon; `card_ext` is the older signed JSON."""

    card_id: str
    card_ext: str = ""

    def __post_init__(self) -> None:
        filled("card_id", self.card_id)


class MiniProgram(_Body, frozen=True, kw_only=True, tag="miniprogrampage"):
    """A card that opens a page of a linked mini program."""

    title: str = ""
    appid: str
    path: str = field(name="pagepath")
    thumb_media_id: str

    def __post_init__(self) -> None:
        appid("appid", self.appid)
        filled("path", self.path)
        filled("thumb_media_id", self.thumb_media_id)


Letter = (
    Text | Image | Voice | Video | Music | News | MpNews | MpNewsArticle | Menu | Card | MiniProgram
)  # fmt: skip
"""Any message; `msgspec.convert` makes one from a mapping with `msgtype` and WeChat's field names."""


def _sendable(value: dict[str, object]) -> dict[str, object]:
    """The mapping with every string in it made plain."""
    return {name: _plain_throughout(item) for name, item in value.items()}


def _plain_throughout(value: object) -> object:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return _sendable(value)
    if isinstance(value, list | tuple):
        return [_plain_throughout(item) for item in value]
    return value
