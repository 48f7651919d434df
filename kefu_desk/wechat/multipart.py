"""A file as the body of an upload, in the one framing that every WeChat endpoint is known to take."""

BOUNDARY = "kefu-desk-4f1c0a9d27e84b6c"
"""Separates the parts; WeChat answers 412 to unusual ones (API reference 5.1)."""


def framed(data: bytes, *, field: str, name: str, mime: str) -> tuple[bytes, str]:
    """The body and its content type; `name` is ASCII, since WeChat loses files with any other."""
    boundary = BOUNDARY
    while boundary.encode() in data:
        boundary += "0"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        f"Content-Type: {mime}\r\n\r\n"
    )
    body = b"".join((head.encode("ascii"), data, f"\r\n--{boundary}--\r\n".encode("ascii")))
    return body, f"multipart/form-data; boundary={boundary}"
