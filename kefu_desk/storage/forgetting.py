"""Takes records out of the archive for good: old ones, or those of a customer who wants it."""

import sqlite3
from collections.abc import Sequence

from kefu_desk.domain.ids import OpenId
from kefu_desk.storage import words
from kefu_desk.storage.intake import LATEST, first_of

Row = tuple[int, int, int, str]


def forget_old(connection: sqlite3.Connection, time: int, limit: int) -> int:
    """Deletes some of the records before a Unix second, the oldest first, and returns how many."""
    border = first_of(min(max(0, time), LATEST))
    rows: list[Row] = connection.execute(
        "SELECT id, customer, worker, text FROM line WHERE id < ? ORDER BY id LIMIT ?", (border, limit)
    ).fetchall()
    delete(connection, rows)
    connection.execute("DELETE FROM coverage WHERE last < ?", (time,))
    connection.execute("UPDATE coverage SET start = ? WHERE start < ?", (time, time))
    return len(rows)


def forget_customer(connection: sqlite3.Connection, openid: OpenId) -> int:
    """Deletes all records of a customer and returns how many there were."""
    rows: list[Row] = connection.execute(
        "SELECT line.id, customer, worker, text FROM customer CROSS JOIN line INDEXED BY line_conversation"
        " ON line.customer = customer.id WHERE openid = ? ORDER BY line.id",
        (openid,),
    ).fetchall()
    delete(connection, rows)
    return len(rows)


def delete(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Deletes records, given in the order of their ids, and keeps words, visits and customers true."""
    words.remove(connection, [(place, worker, text) for place, _, worker, text in rows])
    connection.executemany("DELETE FROM line WHERE id = ?", [(row[0],) for row in rows])
    for customer in {row[1] for row in rows}:
        oldest = connection.execute("SELECT min(id) FROM line WHERE customer = ?", (customer,)).fetchone()[0]
        if oldest is None:
            connection.execute("DELETE FROM customer WHERE id = ?", (customer,))
        else:
            connection.execute("UPDATE line SET opens_visit = 1 WHERE id = ?", (oldest,))
