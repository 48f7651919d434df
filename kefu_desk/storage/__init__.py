"""What must survive: the outbox, the archive of messages and the drafts, in SQLite."""
