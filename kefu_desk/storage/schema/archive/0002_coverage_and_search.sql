-- Which seconds were read completely, both ends included; spans neither meet nor overlap.
CREATE TABLE coverage (
  start INTEGER PRIMARY KEY CHECK (start >= 0),
  last  INTEGER NOT NULL CHECK (last >= start)
) STRICT;

-- Version 1 began 48 hours before its first reading and left no gap since.
INSERT INTO coverage (start, last) SELECT max(0, value - 172800), value FROM meta WHERE key = 'synced_until';
DELETE FROM meta WHERE key = 'synced_until';
