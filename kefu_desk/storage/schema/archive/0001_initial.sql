CREATE TABLE record (
  id          INTEGER PRIMARY KEY,
  openid      TEXT NOT NULL CHECK (length(CAST(openid AS BLOB)) BETWEEN 1 AND 128),
  worker      TEXT NOT NULL CHECK (length(CAST(worker AS BLOB)) <= 256),
  opercode    INTEGER NOT NULL,
  time        INTEGER NOT NULL CHECK (time >= 0),
  text        TEXT NOT NULL CHECK (length(CAST(text AS BLOB)) <= 4194304),
  ordinal     INTEGER NOT NULL CHECK (ordinal >= 0),
  opens_visit INTEGER NOT NULL CHECK (opens_visit IN (0, 1))
) STRICT;

-- Records of WeChat have no id; this is what tells them apart.
CREATE UNIQUE INDEX record_identity ON record (openid, time, worker, opercode, ordinal, text);
CREATE INDEX record_conversation ON record (openid, time, id);
CREATE INDEX record_side ON record (openid, opercode, time, id);
CREATE INDEX record_visit ON record (openid, opens_visit, time, id) WHERE opens_visit = 1;

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
