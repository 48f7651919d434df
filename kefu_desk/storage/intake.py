"""New records into the archive, a batch at a time: which are new, where they lie, which begin a visit."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby

from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.messages import Record, RecordKey
from kefu_desk.storage import words

VISIT_GAP_SECONDS = 1800
"""A silence longer than this, WeChat's own limit of a session, begins a new visit."""

PLACES = 20
"""Bits of an id for the order of arrival within its second."""

LATEST = 1 << 43
"""Records from this second on, in the year 280000, are not taken: their ids would not fit."""

NEAR_SECONDS = 120
"""Seconds that lie no further apart are looked up in one piece."""

Fresh = tuple[int, int, int, Record]
"""A record that is new: its id, its customer and its worker by their ids."""


def first_of(second: int) -> int:
    """The lowest id of a second."""
    return second << PLACES


def take_in(connection: sqlite3.Connection, records: Sequence[Record]) -> tuple[Record, ...]:
    """Stores numbered records once each and returns those that were new, in the given order."""
    fresh = fresh_of(connection, [record for record in records if 0 <= record.time < LATEST])
    if fresh:
        lie_down(connection, sorted(fresh, key=lambda new: new[0]))
    return tuple(new[3] for new in fresh)


def own_of(connection: sqlite3.Connection, records: Sequence[Record], own: AgentId) -> tuple[Record, ...]:
    """The records of conversations in which an agent took part."""
    wanted: set[str] = {record.openid for record in records if record.worker == own}
    wanted.update(known_customers(connection, {record.openid for record in records} - wanted))
    return tuple(record for record in records if record.openid in wanted)


def id_of(connection: sqlite3.Connection, key: RecordKey) -> int:
    """The id of a record; for one that is not there, the lowest of its second."""
    openid, worker, opercode, time, text, ordinal = key
    if not 0 <= time < LATEST:
        return first_of(LATEST) - 1 if time > 0 else 0
    row = connection.execute(
        "SELECT line.id FROM line INDEXED BY line_conversation"
        " JOIN customer ON customer.id = line.customer JOIN worker ON worker.id = line.worker"
        " WHERE openid = ? AND line.id BETWEEN ? AND ? AND worker.name = ? AND opercode = ? AND ordinal = ?"
        " AND text = ?",
        (openid, first_of(time), first_of(time + 1) - 1, worker, opercode, ordinal, text),
    ).fetchone()
    return first_of(time) if row is None else int(row[0])


def fresh_of(connection: sqlite3.Connection, records: Sequence[Record]) -> list[Fresh]:
    """Those that the archive does not hold, each with the next free id of its second."""
    customers = customers_of(connection, [record.openid for record in records])
    workers = workers_of(connection, [record.worker for record in records])
    known: set[tuple[int, int, int, int, int, str]] = set()
    free: dict[int, int] = {}
    for first, last in stretches(record.time for record in records):
        rows = connection.execute(
            "SELECT id, customer, worker, opercode, ordinal, text FROM line"
            " WHERE id BETWEEN ? AND ? ORDER BY id",
            (first_of(first), first_of(last + 1) - 1),
        )
        for row in rows:
            second = row[0] >> PLACES
            known.add((second, *row[1:]))
            free[second] = row[0] + 1
    fresh: list[Fresh] = []
    for record in records:
        customer, worker, time = customers[record.openid], workers[record.worker], record.time
        key = (time, customer, worker, int(record.opercode), record.ordinal, record.text)
        place = free.get(time) or first_of(time)
        if key in known or place >= first_of(time + 1):
            continue
        known.add(key)
        free[time] = place + 1
        fresh.append((place, customer, worker, record))
    return fresh


def lie_down(connection: sqlite3.Connection, fresh: Sequence[Fresh]) -> None:
    """Writes new records, given in the order of their ids, and keeps visits and words true."""
    words.ready(connection)
    opening, closed = visits(connection, fresh)
    connection.executemany(
        "INSERT INTO line (id, customer, worker, opercode, ordinal, opens_visit, text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (place, customer, worker, int(new.opercode), new.ordinal, place in opening, new.text)
            for place, customer, worker, new in fresh
        ],
    )
    connection.executemany("UPDATE line SET opens_visit = 0 WHERE id = ?", [(place,) for place in closed])
    words.add(connection, [(place, worker, new.text) for place, _, worker, new in fresh])


def visits(connection: sqlite3.Connection, fresh: Sequence[Fresh]) -> tuple[set[int], list[int]]:
    """Which of the new records begin a visit, and which old ones no longer do."""
    opening: set[int] = set()
    closed: list[int] = []
    gap = VISIT_GAP_SECONDS
    for customer, group in groupby(sorted((new[1], new[0]) for new in fresh), key=lambda pair: pair[0]):
        places = [place for _, place in group]
        window = (
            customer,
            first_of(max(0, (places[0] >> PLACES) - gap)),
            first_of((places[-1] >> PLACES) + gap + 1) - 1,
        )
        old = [
            row[0]
            for row in connection.execute(
                "SELECT id FROM line INDEXED BY line_conversation WHERE customer = ? AND id BETWEEN ? AND ?",
                window,
            )
        ]
        young = set(places)
        before: int | None = None
        for place in sorted(old + places):
            apart = before is None or (place >> PLACES) - (before >> PLACES) > gap
            if place in young and apart:
                opening.add(place)
            elif before in young and not apart and place not in young:
                closed.append(place)
            before = place
    return opening, closed


def stretches(seconds: Iterable[int]) -> list[tuple[int, int]]:
    """First and last second of each cluster of seconds."""
    out: list[tuple[int, int]] = []
    for second in sorted(set(seconds)):
        if out and second - out[-1][1] <= NEAR_SECONDS:
            out[-1] = (out[-1][0], second)
        else:
            out.append((second, second))
    return out


def known_customers(connection: sqlite3.Connection, openids: Iterable[str]) -> dict[str, int]:
    """The ids of those customers that the archive knows."""
    find = "SELECT id FROM customer WHERE openid = ?"
    found = ((openid, connection.execute(find, (openid,)).fetchone()) for openid in openids)
    return {openid: row[0] for openid, row in found if row is not None}


def customers_of(connection: sqlite3.Connection, openids: Iterable[str]) -> dict[str, int]:
    """The ids of customers; those never seen get one."""
    wanted = dict.fromkeys(openids)
    known = known_customers(connection, wanted)
    new = [openid for openid in wanted if openid not in known]
    connection.executemany("INSERT INTO customer (openid) VALUES (?)", [(openid,) for openid in new])
    return known | known_customers(connection, new)


def workers_of(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, int]:
    """The ids of agent accounts; those never seen get one."""
    add = "INSERT INTO worker (name) VALUES (?)"
    find = "SELECT id FROM worker WHERE name = ?"
    found: dict[str, int] = {}
    for name in dict.fromkeys(names):
        row = connection.execute(find, (name,)).fetchone()
        found[name] = row[0] if row is not None else connection.execute(add, (name,)).lastrowid or 0
    return found
