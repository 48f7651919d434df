"""File formats that WeChat takes, told by their first bytes, never by a name."""

from enum import StrEnum

from msgspec import Struct

from kefu_desk.wechat.arguments import ArgumentError

MB = 1024 * 1024


class MediaKind(StrEnum):
    """What an upload is for, by WeChat's words."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    THUMB = "thumb"


class Format(Struct, frozen=True):
    """A format by its usual extension and media type."""

    extension: str
    mime: str


JPEG = Format("jpg", "image/jpeg")
PNG = Format("png", "image/png")
GIF = Format("gif", "image/gif")
AMR = Format("amr", "audio/amr")
MP3 = Format("mp3", "audio/mpeg")
MP4 = Format("mp4", "video/mp4")
FORMATS = (JPEG, PNG, GIF, AMR, MP3, MP4)

_ACCEPTED = {
    MediaKind.IMAGE: (10 * MB, (JPEG, PNG, GIF)),
    MediaKind.VOICE: (2 * MB, (AMR, MP3)),
    MediaKind.VIDEO: (10 * MB, (MP4,)),
    MediaKind.THUMB: (64 * 1024, (JPEG,)),
}


def format_of(data: bytes) -> Format | None:
    """The format that the first bytes show, or None."""
    for signature, found in (
        (b"\xff\xd8\xff", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"GIF87a", GIF),
        (b"GIF89a", GIF),
        (b"#!AMR", AMR),
        (b"ID3", MP3),
    ):
        if data.startswith(signature):
            return found
    if data[4:8] == b"ftyp":
        return MP4
    # an MP3 without a tag begins with the eleven set bits of a frame, then version and layer
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0 and data[1] & 0x06:
        return MP3
    return None


def acceptable(kind: str, data: bytes, file_type: str = "") -> Format:
    """The format of a file that may be uploaded as that kind; `file_type` is its extension where known.

    Raises:
        ArgumentError: for `kind`, `data` or `file_type`, when WeChat would refuse the file.
    """
    if kind not in list(MediaKind):
        raise ArgumentError("kind", f"must be one of {', '.join(MediaKind)}")
    limit, formats = _ACCEPTED[MediaKind(kind)]
    return checked(data, formats, limit, file_type=file_type)


def checked(
    data: bytes, formats: tuple[Format, ...], limit: int, *, file_type: str = "", field: str = "data"
) -> Format:
    """The format of the file, if it is one of `formats` and has at most `limit` bytes."""
    if not data:
        raise ArgumentError(field, "must not be empty")
    if len(data) > limit:
        raise ArgumentError(field, f"has {len(data)} bytes, {limit} are allowed")
    names = ", ".join(allowed.extension for allowed in formats)
    told = file_type.lower().lstrip(".").replace("jpeg", "jpg")
    if told and told not in [allowed.extension for allowed in formats]:
        raise ArgumentError("file_type", f"must be one of {names}")
    found = format_of(data)
    if found is None and told:
        return next(allowed for allowed in formats if allowed.extension == told)
    if found not in formats:
        raise ArgumentError(field, f"must be one of {names}")
    if told and found.extension != told:
        raise ArgumentError("file_type", f"is {told}, but the file is {found.extension}")
    return found
