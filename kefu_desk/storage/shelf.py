"""Which conversations an archive holds, for looking at them without WeChat."""

import sqlite3

from kefu_desk.domain.ids import OpenId
from kefu_desk.storage.database import Database

LOOKED_AT = 20_000
"""Newest records among which the conversations are looked for."""


async def newest_conversations(database: Database, limit: int) -> tuple[tuple[OpenId, int], ...]:
    """The customers who were written or wrote last, newest first, each with that Unix second.

    Raises:
        DeskError: when the archive cannot be read.
    """

    def unit(connection: sqlite3.Connection) -> tuple[tuple[OpenId, int], ...]:
        rows = connection.execute(
            "SELECT openid, max(time) AS last FROM (SELECT openid, time FROM record ORDER BY id DESC LIMIT ?)"
            " GROUP BY openid ORDER BY last DESC LIMIT ?",
            (LOOKED_AT, limit),
        )
        return tuple((OpenId(openid), int(last)) for openid, last in rows)

    return await database.read(unit)
