"""The uploaded files of the account: what they may be, and how long they live."""

import random
import string
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from kefu_desk.simulator.refusal import Refusal

LIFE = 3 * 86400.0
MOST_BYTES = 256 * 1024 * 1024
MEGABYTE = 1024 * 1024
VOICE_SECONDS = 60.0

_ALPHABET = string.ascii_letters + string.digits + "-_"
_AMR = b"#!AMR\n"
_AMR_FRAME_BYTES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)
_AMR_FRAME_SECONDS = 0.02
_MP3_KILOBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_MP3_KILOBITS_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_ID3_HEADER = 10


class Kind(Struct, frozen=True):
    """A type of upload: the formats it takes, its size in bytes, and the errcode of a larger one."""

    formats: tuple[str, ...]
    most: int
    too_large: int


class Medium(Struct, frozen=True):
    """One uploaded file; `created` in Unix seconds."""

    media_id: str
    kind: str
    form: str
    data: bytes
    created: float


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "image": Kind(("png", "jpg", "gif"), 10 * MEGABYTE, 40009),
        "voice": Kind(("amr", "mp3"), 2 * MEGABYTE, 40010),
        "video": Kind(("mp4",), 10 * MEGABYTE, 40011),
        "thumb": Kind(("jpg",), 64 * 1024, 40012),
    }
)

ARTICLE_IMAGE = Kind(("jpg", "png"), MEGABYTE, 40009)
AVATAR = Kind(("jpg",), 5 * MEGABYTE, 40009)

CONTENT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "jpg": "image/jpeg",
        "png": "image/png",
        "gif": "image/gif",
        "amr": "audio/amr",
        "mp3": "audio/mp3",
        "mp4": "video/mp4",
    }
)


class MediaStore:
    """Temporary files by id; above 256 MB the oldest are dropped early."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._kept: OrderedDict[str, Medium] = OrderedDict()
        self._bytes = 0

    def keep(self, kind: str, form: str, data: bytes, now: float) -> Medium:
        """A new file."""
        medium = Medium(self.name(), kind, form, data, now)
        self._kept[medium.media_id] = medium
        self._bytes += len(data)
        while self._bytes > MOST_BYTES or now >= next(iter(self._kept.values())).created + LIFE:
            self._bytes -= len(self._kept.popitem(last=False)[1].data)
        return medium

    def find(self, media_id: str, now: float) -> Medium:
        """The file of this id.

        Raises:
            Refusal: 40007 when there is none, or none any more after three days.
        """
        medium = self._kept.get(media_id)
        if medium is None or now >= medium.created + LIFE:
            raise Refusal(40007)
        return medium

    def __iter__(self) -> Iterator[Medium]:
        return iter(self._kept.values())

    def knows(self, media_id: str) -> bool:
        """Whether a file of this id was uploaded not long ago."""
        return media_id in self._kept

    def name(self) -> str:
        """A fresh id in WeChat's shape, 64 characters."""
        return "".join(self._rng.choices(_ALPHABET, k=64))


def checked(kind: Kind, data: bytes, file_name: str) -> str:
    """The format of a file that this kind takes, told by its content; its name must not say another.

    Raises:
        Refusal: 44001 empty, 40005 not of such a format, the kind's own code when it is too large, 45007 for
            a voice of more than a minute.
    """
    if not data:
        raise Refusal(44001)
    form = _form(data)
    ending = file_name.rpartition(".")[2].lower() if "." in file_name else form
    if form not in kind.formats or {"jpeg": "jpg"}.get(ending, ending) != form:
        raise Refusal(40005)
    if len(data) > kind.most:
        raise Refusal(kind.too_large)
    if _seconds(form, data) > VOICE_SECONDS:
        raise Refusal(45007)
    return form


def _form(data: bytes) -> str:
    begins = (
        (b"\xff\xd8\xff", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"#!AMR", "amr"),
        (b"ID3", "mp3"),
    )
    for beginning, form in begins:
        if data.startswith(beginning):
            return form
    if data[4:8] == b"ftyp":
        return "mp4"
    sound = len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0 and data[1] & 0x06 != 0
    return "mp3" if sound else ""


def _seconds(form: str, data: bytes) -> float:
    if form == "amr":
        return _amr_seconds(data)
    if form == "mp3":
        return _mp3_seconds(data)
    return 0.0


def _amr_seconds(data: bytes) -> float:
    position, frames = len(_AMR), 0
    while position < len(data):
        position += _AMR_FRAME_BYTES[(data[position] >> 3) & 0x0F]
        frames += 1
    return frames * _AMR_FRAME_SECONDS


def _mp3_seconds(data: bytes) -> float:
    """By the bit rate of the first frame; 0 when there is none to be seen."""
    start = 0
    if data.startswith(b"ID3") and len(data) >= _ID3_HEADER:
        size = data[6:10]
        start = _ID3_HEADER + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    frame = data[start : start + 3]
    if len(frame) < 3 or frame[0] != 0xFF:
        return 0.0
    rates = _MP3_KILOBITS if frame[1] & 0x08 else _MP3_KILOBITS_LOW
    kilobits = rates[frame[2] >> 4]
    return (len(data) - start) * 8 / (kilobits * 1000) if kilobits else 0.0
