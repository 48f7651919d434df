"""Forms with files as uploads send them, read byte for byte."""

import re
from collections.abc import Mapping

from msgspec import Struct

from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.reply import Reply

FIELD = "media"
PRECONDITION_FAILED = 412

_BOUNDARY = r'(?i)^multipart/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,200})"|([^";,\s]{1,200}))'
_PARAMETER = r';\s*([A-Za-z*]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))'

_FRAMING = Reply(
    b"<html><head><title>412 Precondition Failed</title></head></html>",
    status=PRECONDITION_FAILED,
    content_type="text/html",
)


class Part(Struct, frozen=True):
    """One field. `file_name` None means that it is no file; `encoded_name` that it was sent as `filename*`.

    A name of a file is only looked at, never a place.
    """

    name: str
    file_name: str | None
    encoded_name: bool
    data: bytes


class Upload(Struct, frozen=True):
    """The file of a form and its plain fields."""

    file_name: str
    data: bytes
    fields: Mapping[str, str]


def misframed(inquiry: Inquiry) -> Reply | None:
    """What the gateway says to an upload that does not tell its length, before anybody reads it."""
    length = inquiry.headers.get("content-length", "")
    chunked = "chunked" in inquiry.headers.get("transfer-encoding", "").lower()
    return _FRAMING if chunked or not length.isdigit() else None


def upload(inquiry: Inquiry, *, strict: bool = True) -> Upload:
    """The file in the field `media`, wherever it stands, and all fields that are no files.

    Not `strict`, any field and any spelling of the file name will do.

    Raises:
        Refusal: 41005 when there is no such file.
    """
    parts = _parts(inquiry)
    files = [part for part in parts if part.file_name is not None or part.encoded_name]
    if strict:
        files = [part for part in files if part.name == FIELD and part.file_name and not part.encoded_name]
    if not files:
        raise Refusal(41005)
    fields = {part.name: part.data.decode("utf-8", "replace") for part in parts if part.file_name is None}
    return Upload(files[0].file_name or "", files[0].data, fields)


def _parts(inquiry: Inquiry) -> list[Part]:
    found = re.match(_BOUNDARY, inquiry.headers.get("content-type", "").strip())
    if found is None:
        raise Refusal(41005)
    delimiter = b"\r\n--" + (found[1] or found[2]).encode("latin-1", "replace")
    # the line of a boundary ends at once: "--xyz" does not part "--xyzz"
    _, *pieces = re.split(re.escape(delimiter) + rb"(--|[ \t]*\r\n)", b"\r\n" + inquiry.body)
    parts: list[Part] = []
    for ending, piece in zip(pieces[::2], pieces[1::2], strict=True):
        if ending == b"--":
            return parts
        head, blank, data = piece.partition(b"\r\n\r\n")
        if blank:
            parts.append(_part(head.decode("utf-8", "replace"), data))
    raise Refusal(41005)  # the last boundary is missing: the body was cut


def _part(head: str, data: bytes) -> Part:
    disposition = ""
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            disposition = value
    given = {
        key.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        for key, quoted, plain in re.findall(_PARAMETER, disposition)
    }
    return Part(given.get("name", ""), given.get("filename"), "filename*" in given, data)
