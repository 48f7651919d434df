"""What must survive: the outbox, the archive of messages and the drafts, in SQLite."""

from pathlib import Path

OUTBOX_SCHEMA = Path(__file__).parent / "schema" / "outbox"
ARCHIVE_SCHEMA = Path(__file__).parent / "schema" / "archive"
