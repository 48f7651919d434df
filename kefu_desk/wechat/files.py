"""Files in WeChat's keeping; what comes is told from refusals by its content, since headers lie (API 5.2)."""

import json
import re

from msgspec import UNSET, Struct, UnsetType

from kefu_desk.wechat.exchange import Answer
from kefu_desk.wechat.formats import format_of
from kefu_desk.wechat.wire import Reply, Seconds

_NAME = r'(?i)\bfilename\s*=\s*(?:"([^"]*)"|([^;\s]+))'
_PAGE = (b"<!doctype", b"<html", b"<?xml", b"<head")
NAME_LENGTH = 120


LIFE_SECONDS = 3 * 86_400


class Media(Struct, frozen=True):
    """An uploaded file by its id; `created_at` in Unix seconds, 0 when WeChat did not say."""

    id: str
    kind: str
    created_at: int

    @property
    def expires_at(self) -> int:
        """The Unix second from which WeChat no longer knows the id."""
        return self.created_at + LIFE_SECONDS


class MediaFile(Struct, frozen=True):
    """A downloaded file; `file_name` is safe to use inside a folder of one's own."""

    data: bytes
    content_type: str
    file_name: str

    def __repr__(self) -> str:
        return f"MediaFile({len(self.data)} bytes, {self.content_type!r}, {self.file_name!r})"


class VideoLink(Struct, frozen=True):
    """Where a video can be fetched from, without any token."""

    url: str


class FileReply(Reply, frozen=True):
    """media/get: a file, or in JSON the address of a video."""

    video_url: str = ""
    file: MediaFile | UnsetType = UNSET

    def is_complete(self) -> bool:
        """Whether there is anything to fetch."""
        return bool(self.video_url)


class UploadReply(Reply, frozen=True):
    """media/upload, which names the id of a thumb differently."""

    media_id: str = ""
    thumb_media_id: str = ""
    created_at: Seconds = 0

    def is_complete(self) -> bool:
        """Whether the reply gives an id."""
        return bool(self.media_id or self.thumb_media_id)


class AddressReply(Reply, frozen=True):
    """uploadimg."""

    url: str = ""

    def is_complete(self) -> bool:
        """Whether the reply tells where the picture is."""
        return bool(self.url)


def file_in(answer: Answer) -> FileReply | None:
    """The file, or None when the answer has to be read as JSON or is none of WeChat's."""
    if answer.status != 200 or not answer.body or _is_talk(answer.body):
        return None
    found = format_of(answer.body)
    told = answer.content_type.partition(";")[0].strip().lower()
    generic = told in ("", "text/plain", "application/json", "application/octet-stream")
    mime = found.mime if found and generic else told or "application/octet-stream"
    name = _safe_name(answer.disposition)
    if not name:
        name = f"download.{found.extension}" if found else "download"
    return FileReply(file=MediaFile(answer.body, mime, name))


def _is_talk(body: bytes) -> bool:
    """Whether the body is JSON with a verdict or an address in it, or the page of somebody in between."""
    head = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.lower().startswith(_PAGE):
        return True
    if not head.startswith(b"{"):
        return False
    if b'"errcode"' in body[:4096]:
        return True  # also where the rest is damaged: a refusal must not be saved as a picture
    try:
        value = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and ("errcode" in value or "video_url" in value)


def _safe_name(disposition: str) -> str:
    """The last part of the name in a Content-Disposition, without signs that a file system may not like."""
    found = re.search(_NAME, disposition)
    if found is None:
        return ""
    name = re.split(r"[/\\]", found.group(1) or found.group(2) or "")[-1]
    return re.sub(r"[^\w.\- ]", "_", name).strip(". ")[-NAME_LENGTH:]
