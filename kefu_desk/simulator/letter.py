"""The body of message/custom/send: what each message type must contain, and how it reads."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kefu_desk.simulator.refusal import Refusal

TEXT_BYTES = 2048
MENU_ITEMS = 10
MENU_ITEM_BYTES = 64

Content = Mapping[str, object]


def words(msgtype: str, fields: Content) -> str:
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
    return reader(content)


def _filled(content: Content, key: str, errcode: int) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value:
        raise Refusal(errcode)
    return value


def _text(content: Content) -> str:
    value = _filled(content, "content", 44004)
    if len(value.encode("utf-8", "surrogatepass")) > TEXT_BYTES:
        raise Refusal(45002)
    return value


def _media(kind: str) -> Callable[[Content], str]:
    def read(content: Content) -> str:
        _filled(content, "media_id", 40007)
        return f"[{kind}]"

    return read


def _video(content: Content) -> str:
    _filled(content, "media_id", 40007)
    _filled(content, "thumb_media_id", 40007)
    return "[video]"


def _music(content: Content) -> str:
    _filled(content, "musicurl", 40035)
    _filled(content, "thumb_media_id", 40007)
    return "[music]"


def _news(content: Content) -> str:
    articles = content.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Refusal(44003)
    if len(articles) > 1:
        raise Refusal(45008)
    if not isinstance(articles[0], dict):
        raise Refusal(40035)
    return "[news]"


def _article(content: Content) -> str:
    _filled(content, "article_id", 53600)
    return "[mpnewsarticle]"


def _menu(content: Content) -> str:
    items = content.get("list")
    if not isinstance(items, list) or not 0 < len(items) <= MENU_ITEMS:
        raise Refusal(45098)
    for item in items:
        if not isinstance(item, dict):
            raise Refusal(40035)
        _filled(item, "id", 40035)
        if len(_filled(item, "content", 40035).encode("utf-8", "surrogatepass")) > MENU_ITEM_BYTES:
            raise Refusal(45099)
    return "[msgmenu]"


def _card(content: Content) -> str:
    _filled(content, "card_id", 40035)
    return "[wxcard]"


def _mini_program(content: Content) -> str:
    _filled(content, "appid", 40166)
    _filled(content, "pagepath", 40165)
    _filled(content, "thumb_media_id", 40007)
    return "[miniprogrampage]"


_READERS: Mapping[str, Callable[[Content], str]] = MappingProxyType(
    {
        "text": _text,
        "image": _media("image"),
        "voice": _media("voice"),
        "video": _video,
        "music": _music,
        "news": _news,
        "mpnews": _media("mpnews"),
        "mpnewsarticle": _article,
        "msgmenu": _menu,
        "wxcard": _card,
        "miniprogrampage": _mini_program,
    }
)
