"""Log files that never hold a secret: every line is redacted where it is formatted."""

import logging
import os
import re
import time
from contextlib import suppress
from copy import copy
from io import FileIO, TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

NAMED = r"""(?ix) ( (?: token | appsecret | secret | password ) \\? ["']? \s* (?: [=:] | %3D ) \s* \\? ["']? )
    ( [^"'&\s,;}\])\\]+ )"""
"""`access_token=…` in an address, `"secret": "…"` in JSON, also when that JSON is quoted once more."""

SHAPED = r"(?x)(?<![A-Za-z0-9_-])(?: [A-Za-z0-9]{32,} | [A-Za-z0-9_-]{64,} )(?![A-Za-z0-9_-])"
"""An AppSecret has 32 letters and digits, a token over 100; no name in a traceback looks like that."""

USER_INFO = r"(?<=://)[^/\s@'\"]+@"
OPENID = r"(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])"
CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
BYTES = 2_000_000
FILES = 5
LOUD = ("httpx", "httpcore", "qasync", "asyncio", "keyring", "jeepney", "secretstorage", "uvicorn")


def redacted(line: str) -> str:
    """The line without token, secret or password, and with openids cut to their tails."""
    line = re.sub(NAMED, r"\1***", line)
    line = re.sub(USER_INFO, "***@", line)
    line = re.sub(OPENID, lambda found: f"o…{found.group()[-4:]}", line)
    return re.sub(SHAPED, "***", line)


def one_line(words: str) -> str:
    """The words with their control characters written out, so that nobody can forge a line."""
    return re.sub(CONTROL, lambda found: ascii(found.group())[1:-1], words)


class RedactingFormatter(logging.Formatter):
    """Redacts the whole formatted record, tracebacks and other people's messages included."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """One line in UTC, a traceback indented below it, safe to attach to a report."""
        own = copy(record)
        own.exc_text = None  # a traceback in the words of another handler
        return redacted(super().format(own))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name
        """The line without its traceback."""
        return one_line(super().formatMessage(record))

    def formatException(self, ei: "logging._SysExcInfoType") -> str:  # noqa: N802  logging's name
        """The traceback, never at the beginning of a line."""
        return "\n".join(f"    {one_line(line)}" for line in super().formatException(ei).split("\n"))


class PrivateFile(RotatingFileHandler):
    """A rotating file for this user only; on a full disk or without a folder its lines are dropped."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        return TextIOWrapper(
            FileIO(descriptor, "a"), encoding=self.encoding, errors=self.errors, write_through=True
        )

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """The program goes on without this line."""


def start_logging(folder: Path, *, verbose: bool = False) -> Path:
    """Logs to `desk.log` in the folder and keeps libraries quiet that would log addresses with tokens."""
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "desk.log"
    handler = PrivateFile(
        file, maxBytes=BYTES, backupCount=FILES, encoding="utf-8", errors="backslashreplace", delay=True
    )
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    return file
