"""Unfinished texts that survive a restart."""

import sqlite3

from kefu_desk.domain.ids import OpenId
from kefu_desk.storage.database import Database


class SqliteDrafts:
    """The drafts, in the file of the outbox, so that a text is either a draft or a send (reliability 1.8)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> dict[OpenId, str]:
        """All drafts."""

        def unit(connection: sqlite3.Connection) -> dict[OpenId, str]:
            rows = connection.execute("SELECT openid, words FROM draft ORDER BY openid")
            return {OpenId(openid): words for openid, words in rows}

        return await self._database.read(unit)

    async def keep(self, openid: OpenId, words: str) -> None:
        """Stores a draft, or forgets it when empty."""
        await self._database.transact(lambda connection: write_draft(connection, openid, words))


def draft_of(connection: sqlite3.Connection, openid: OpenId) -> str:
    """The draft for a customer, or an empty text."""
    row = connection.execute("SELECT words FROM draft WHERE openid = ?", (openid,)).fetchone()
    return str(row[0]) if row is not None else ""


def write_draft(connection: sqlite3.Connection, openid: OpenId, words: str) -> None:
    """Stores a draft, or forgets it when empty."""
    if words:
        connection.execute(
            "INSERT INTO draft (openid, words) VALUES (?, ?)"
            " ON CONFLICT (openid) DO UPDATE SET words = excluded.words",
            (openid, words),
        )
    else:
        connection.execute("DELETE FROM draft WHERE openid = ?", (openid,))
