"""Who issued a certificate and what it is known by, read from its own bytes.

Python shows a certificate only when it was found good; people have to be told about the others too.
"""

import hashlib

from msgspec import Struct

NAME_LENGTH = 80

_TAGGED = 0xA0
_COMMON_NAME, _ORGANISATION = b"\x55\x04\x03", b"\x55\x04\x0a"
_CODINGS = {0x1E: "utf-16-be", 0x1C: "utf-32-be", 0x0C: "utf-8"}
_HEADER = 4


class Certificate(Struct, frozen=True):
    """What a person can compare with what their administrator says.

    `issuer` is plain text of at most 80 characters and comes from strangers; `fingerprint` is SHA-256 in hex,
    two digits each.
    """

    issuer: str
    fingerprint: str


def certificate_in(message: bytes) -> bytes:
    """The server's own certificate out of its TLS handshake message, as DER; empty when there is none."""
    body = message[_HEADER:]
    for skip in (0, 1 + body[0] if body else 0):  # TLS 1.3 puts a context before the list
        total = int.from_bytes(body[skip : skip + 3], "big")
        if total > 3 and len(body) == skip + 3 + total:
            size = int.from_bytes(body[skip + 3 : skip + 6], "big")
            return body[skip + 6 : skip + 6 + size]
    return b""


def described(der: bytes) -> Certificate:
    """The certificate in words; an issuer that cannot be read is empty."""
    digest = hashlib.sha256(der).hexdigest().upper()
    try:
        issuer = _issuer(der)
    except (IndexError, ValueError):
        issuer = ""
    return Certificate(issuer, ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)))


def _issuer(der: bytes) -> str:
    signed = _parts(_parts(der)[0][1])[0][1]
    fields = _parts(signed)
    name = fields[3 if fields[0][0] == _TAGGED else 2][1]  # (version), number, algorithm, issuer
    found: dict[bytes, str] = {}
    for _, group in _parts(name):
        for _, pair in _parts(group):
            (_, kind), (coding, words) = _parts(pair)[:2]
            found[kind] = _plain(words.decode(_CODINGS.get(coding, "latin-1"), "replace"))
    common, organisation = found.get(_COMMON_NAME, ""), found.get(_ORGANISATION, "")
    if common and organisation and organisation not in common:
        return f"{common} ({organisation})"[:NAME_LENGTH]
    return (common or organisation)[:NAME_LENGTH]


def _parts(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each element that stands in `data` side by side."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            digits = size & 0x7F
            size = int.from_bytes(data[at : at + digits], "big")
            at += digits
        if at + size > len(data):
            raise ValueError("cut short")
        found.append((tag, data[at : at + size]))
        at += size
    return found


def _plain(words: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
