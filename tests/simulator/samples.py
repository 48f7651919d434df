"""Small files of every kind that an upload takes."""

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\r\n--\r\n\r\n\x00\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
GIF = b"GIF89a" + bytes(20)
AMR = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50  # a second
MP3 = (
    b"ID3\x03\x00\x00\x00\x00\x00\x0a" + bytes(10) + b"\xff\xfb\x90\x00" + bytes(16_000 - 4)
)  # 128 kbit/s: a second
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(64)
