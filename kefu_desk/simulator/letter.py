"""The body of message/custom/send: what each message type must contain, and how it reads."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.world import World

TEXT_BYTES = 2048
TITLE_BYTES = 512
DESCRIPTION_BYTES = 1024
URL_BYTES = 2048
MENU_ITEMS = 10
MENU_ITEM_BYTES = 64

Content = Mapping[str, object]

_APPID = r"wx[0-9a-f]{16}"
_ARTICLE_ID = r"[A-Za-z0-9_-]+"
_LINK = r"<a\s[^>]*>"
_MINI_PROGRAM_LINK = r"\sdata-miniprogram-(?:appid|path)"
_ATTRIBUTE = r"""\sdata-miniprogram-{}\s*=\s*(?:"([^"]+)"|'([^']+)')"""


def words(world: World, msgtype: str, fields: Content) -> str:
    """The text a person sees for this message, `[image]` and the like for the rest.

    Raises:
        Refusal: 40008 for an unknown type, else the code of the part that is wrong.
    """
    reader = _READERS.get(msgtype)
    if reader is None:
        raise Refusal(40008)
    content = fields.get(msgtype)
    if not isinstance(content, dict):
        raise Refusal(44004 if msgtype == "text" else 40035)
    return reader(world, content)


def _filled(content: Content, key: str, errcode: int) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value:
        raise Refusal(errcode)
    return value


def _short(content: Content, key: str, most: int, errcode: int) -> None:
    """A part that may be missing, but not longer than `most` bytes."""
    value = content.get(key)
    if value is not None and not isinstance(value, str):
        raise Refusal(40035)
    if value and len(value.encode("utf-8", "surrogatepass")) > most:
        raise Refusal(errcode)


def _titled(content: Content) -> None:
    _short(content, "title", TITLE_BYTES, 45003)
    _short(content, "description", DESCRIPTION_BYTES, 45004)


def _medium(world: World, content: Content, key: str, *kinds: str) -> None:
    if world.media.find(_filled(content, key, 40007), world.now).kind not in kinds:
        raise Refusal(40007)


def _linked(world: World, appid: str) -> bool:
    return world.account.linked_apps is None or appid in world.account.linked_apps


def _text(world: World, content: Content) -> str:
    value = _filled(content, "content", 44004)
    if len(value.encode("utf-8", "surrogatepass")) > TEXT_BYTES:
        raise Refusal(45002)
    for link in re.findall(_LINK, value):
        if re.search(_MINI_PROGRAM_LINK, link) is None:
            continue
        appid, path = (re.search(_ATTRIBUTE.format(name), link) for name in ("appid", "path"))
        named = (appid[1] or appid[2]) if appid else ""
        if path is None or re.fullmatch(_APPID, named) is None or not _linked(world, named):
            raise Refusal(45086)
    return value


def _file(kind: str) -> Callable[[World, Content], str]:
    def read(world: World, content: Content) -> str:
        _medium(world, content, "media_id", kind)
        return f"[{kind}]"

    return read


def _video(world: World, content: Content) -> str:
    """The picture may be left out: a widespread library does so."""
    _medium(world, content, "media_id", "video")
    if "thumb_media_id" in content:
        _medium(world, content, "thumb_media_id", "thumb", "image")
    _titled(content)
    return "[video]"


def _music(world: World, content: Content) -> str:
    _filled(content, "musicurl", 40035)
    _short(content, "musicurl", URL_BYTES, 45005)
    _short(content, "hqmusicurl", URL_BYTES, 45005)
    _titled(content)
    _medium(world, content, "thumb_media_id", "thumb", "image")
    return "[music]"


def _news(world: World, content: Content) -> str:
    del world
    articles = content.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Refusal(44003)
    if len(articles) > 1:
        raise Refusal(45008)
    article = articles[0]
    if not isinstance(article, dict):
        raise Refusal(40035)
    _titled(article)
    _short(article, "url", URL_BYTES, 45005)
    _short(article, "picurl", URL_BYTES, 45006)
    return "[news]"


def _material(world: World, content: Content) -> str:
    """Permanent material is not simulated: any id is taken, unless it is a temporary file's."""
    media_id = _filled(content, "media_id", 40007)
    if world.media.knows(media_id):
        raise Refusal(40007)
    return "[mpnews]"


def _article(world: World, content: Content) -> str:
    del world
    if re.fullmatch(_ARTICLE_ID, _filled(content, "article_id", 53600)) is None:
        raise Refusal(53600)
    return "[mpnewsarticle]"


def _menu(world: World, content: Content) -> str:
    del world
    _short(content, "head_content", TEXT_BYTES, 45002)
    _short(content, "tail_content", TEXT_BYTES, 45002)
    items = content.get("list")
    if not isinstance(items, list) or not 0 < len(items) <= MENU_ITEMS:
        raise Refusal(45098)
    for item in items:
        if not isinstance(item, dict):
            raise Refusal(40035)
        if not isinstance(item.get("id"), int):
            _filled(item, "id", 40035)
        _filled(item, "content", 40035)
        _short(item, "content", MENU_ITEM_BYTES, 45099)
    return "[msgmenu]"


def _card(world: World, content: Content) -> str:
    del world
    _filled(content, "card_id", 40035)
    return "[wxcard]"


def _mini_program(world: World, content: Content) -> str:
    appid = _filled(content, "appid", 40166)
    if re.fullmatch(_APPID, appid) is None:
        raise Refusal(40166)
    if not _linked(world, appid):
        raise Refusal(40168)
    _filled(content, "pagepath", 40165)
    _titled(content)
    _medium(world, content, "thumb_media_id", "thumb", "image")
    return "[miniprogrampage]"


_READERS: Mapping[str, Callable[[World, Content], str]] = MappingProxyType(
    {
        "text": _text,
        "image": _file("image"),
        "voice": _file("voice"),
        "video": _video,
        "music": _music,
        "news": _news,
        "mpnews": _material,
        "mpnewsarticle": _article,
        "msgmenu": _menu,
        "wxcard": _card,
        "miniprogrampage": _mini_program,
    }
)
