"""Log files that never hold a secret: every line is redacted where it is formatted."""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

SECRETS = re.compile(
    r"""(?ix) ((?: access_token | appsecret | secret ) ["']? \s* [=:] \s* ["']? ) ([^"'&\s,}]+)"""
)
OPENID = re.compile(r"\bo[A-Za-z0-9_-]{27}\b")
BYTES = 1_000_000
FILES = 5


def redacted(line: str) -> str:
    """The line without token or secret, and with openids cut to their tails."""
    line = SECRETS.sub(r"\1***", line)
    return OPENID.sub(lambda found: f"o…{found.group()[-4:]}", line)


class RedactingFormatter(logging.Formatter):
    """Redacts the whole formatted record, tracebacks and other people's messages included."""

    def format(self, record: logging.LogRecord) -> str:
        """One line or traceback, safe to attach to a report."""
        return redacted(super().format(record))


def start_logging(folder: Path, *, verbose: bool = False) -> Path:
    """Logs to `desk.log` in the folder and keeps libraries quiet that would log addresses with tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "desk.log"
    handler = RotatingFileHandler(file, maxBytes=BYTES, backupCount=FILES, encoding="utf-8", delay=True)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in ("httpx", "httpcore", "qasync", "asyncio", "keyring", "jeepney"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return file
