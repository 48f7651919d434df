-- Which seconds were read completely, both ends included; spans neither meet nor overlap.
CREATE TABLE coverage (
  start INTEGER PRIMARY KEY CHECK (start >= 0),
  last  INTEGER NOT NULL CHECK (last >= start)
) STRICT;

-- Version 1 began 48 hours before its first reading and left no gap since.
INSERT INTO coverage (start, last) SELECT max(0, value - 172800), value FROM meta WHERE key = 'synced_until';
DELETE FROM meta WHERE key = 'synced_until';

CREATE TABLE customer (
  id     INTEGER PRIMARY KEY,
  openid TEXT NOT NULL UNIQUE CHECK (length(CAST(openid AS BLOB)) BETWEEN 1 AND 128)
) STRICT;

CREATE TABLE worker (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (length(CAST(name AS BLOB)) <= 256)
) STRICT;

-- The id is the Unix second << 20 and then the order of arrival within that second: an order of ids is an order
-- of time. Records of WeChat have no id; storage/intake.py tells them apart.
CREATE TABLE line (
  id          INTEGER PRIMARY KEY CHECK (id >= 0),
  customer    INTEGER NOT NULL REFERENCES customer (id),
  worker      INTEGER NOT NULL REFERENCES worker (id),
  opercode    INTEGER NOT NULL,
  ordinal     INTEGER NOT NULL CHECK (ordinal >= 0),
  opens_visit INTEGER NOT NULL CHECK (opens_visit IN (0, 1)),
  text        TEXT NOT NULL CHECK (length(CAST(text AS BLOB)) <= 4194304)
) STRICT;

INSERT INTO customer (openid) SELECT DISTINCT openid FROM record ORDER BY openid;
INSERT INTO worker (name) SELECT DISTINCT worker FROM record ORDER BY worker;
INSERT INTO line (id, customer, worker, opercode, ordinal, opens_visit, text)
  SELECT (time << 20) + row_number() OVER (PARTITION BY time ORDER BY record.id) - 1,
    customer.id, worker.id, opercode, ordinal, opens_visit, text
  FROM record JOIN customer ON customer.openid = record.openid JOIN worker ON worker.name = record.worker
  WHERE time < 8796093022208
  ORDER BY 1;
DROP TABLE record;

CREATE INDEX line_conversation ON line (customer, id);
CREATE INDEX line_side ON line (customer, opercode, id);
CREATE INDEX line_visit ON line (customer, opens_visit, id) WHERE opens_visit = 1;

CREATE VIEW record AS
  SELECT line.id, customer.openid, worker.name AS worker, opercode, text, line.id >> 20 AS time, ordinal
  FROM line JOIN customer ON customer.id = line.customer JOIN worker ON worker.id = line.worker;
