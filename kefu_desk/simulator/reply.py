"""An answer that is more than JSON with status 200, such as the bytes of a picture or a refused upload."""

from msgspec import Struct


class Reply(Struct, frozen=True):
    """What a rule may return instead of JSON: `headers` come beside Content-Type and Content-Length.

    An empty `content_type` is what the platform gives JSON.
    """

    content: bytes = b""
    status: int = 200
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
