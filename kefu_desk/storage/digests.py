"""What the archive says about a customer in one line."""

import json
import sqlite3

from kefu_desk.domain.digest import EMPTY, Digest
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import OperCode, Record

DIGESTS = """
WITH
newest (customer, openid, last, said, answered, visit) AS MATERIALIZED (
  SELECT c.id, c.openid,
    (SELECT max(id) FROM line INDEXED BY line_conversation WHERE customer = c.id),
    (SELECT max(id) FROM line INDEXED BY line_side WHERE customer = c.id AND opercode = :customer),
    (SELECT max(id) FROM line INDEXED BY line_side WHERE customer = c.id AND opercode = :agent),
    (SELECT max(id) FROM line INDEXED BY line_visit WHERE customer = c.id AND opens_visit = 1)
  FROM json_each(:openids) AS asked JOIN customer AS c ON c.openid = asked.value
)
SELECT newest.openid, worker.name, last.opercode, last.text, last.id >> 20, last.ordinal,
  newest.said >> 20,
  (SELECT min(id) >> 20 FROM line INDEXED BY line_side
    WHERE customer = newest.customer AND opercode = :customer AND id > coalesce(newest.answered, -1)),
  (SELECT count(*) FROM line INDEXED BY line_side
    WHERE customer = newest.customer AND opercode = :customer AND id > coalesce(newest.answered, -1)),
  (SELECT count(*) FROM line INDEXED BY line_side
    WHERE customer = newest.customer AND opercode = :agent AND id > newest.said),
  (SELECT count(*) FROM line INDEXED BY line_visit
    WHERE customer = newest.customer AND opens_visit = 1),
  answerer.name,
  newest.visit >> 20
FROM newest
JOIN line AS last ON last.id = newest.last
JOIN worker ON worker.id = last.worker
LEFT JOIN line AS answer ON answer.id = newest.answered
LEFT JOIN worker AS answerer ON answerer.id = answer.worker
"""
"""One row a known customer. Indexes are named, so that a lost one is an error and not a slow query."""

DigestRow = tuple[str, str, int, str, int, int, int | None, int | None, int, int, int, str | None, int | None]


def digests_of(connection: sqlite3.Connection, wanted: tuple[OpenId, ...]) -> dict[OpenId, Digest]:
    """A digest for each customer in the given order, empty for one never seen."""
    asked = {
        "openids": json.dumps(wanted),
        "customer": int(OperCode.CUSTOMER_SENT),
        "agent": int(OperCode.AGENT_SENT),
    }
    found = {OpenId(row[0]): digest_from(row) for row in connection.execute(DIGESTS, asked)}
    return {openid: found.get(openid, EMPTY) for openid in wanted}


def digest_from(row: DigestRow) -> Digest:
    """One row of `DIGESTS` as a value."""
    openid, worker, opercode, words, time, ordinal, *_ = row
    return Digest(
        last=Record(OpenId(openid), AgentId(worker), opercode, words, time, ordinal),
        last_customer_time=row[6],
        unanswered_since=row[7],
        unanswered_count=row[8],
        agent_sends=row[9],
        visits=row[10],
        last_agent=None if row[11] is None else AgentId(row[11]),
        last_visit=row[12],
    )
