-- Lengths are counted in bytes: length() of a text stops at a NUL character.
CREATE TABLE outbox (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  openid   TEXT NOT NULL CHECK (length(CAST(openid AS BLOB)) BETWEEN 1 AND 128),
  agent    TEXT NOT NULL CHECK (length(CAST(agent AS BLOB)) BETWEEN 1 AND 128),
  text     TEXT NOT NULL CHECK (length(CAST(text AS BLOB)) BETWEEN 1 AND 8192),
  created  REAL NOT NULL,
  state    TEXT NOT NULL DEFAULT 'queued'
           CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'resolved')),
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  started  REAL,
  settled  REAL,
  failure  TEXT CHECK (failure IS NULL OR (substr(failure, 1, 1) = '{' AND length(failure) <= 65536)),
  parent   INTEGER REFERENCES outbox (id),
  evidence INTEGER NOT NULL DEFAULT 0 CHECK (evidence IN (0, 1))
) STRICT;

CREATE INDEX outbox_customer ON outbox (openid, id);
CREATE INDEX outbox_open ON outbox (id) WHERE state IN ('queued', 'sending', 'unknown');
CREATE INDEX outbox_unclaimed ON outbox (openid, id)
  WHERE evidence = 0 AND state IN ('sending', 'sent', 'unknown', 'resolved');

-- The last line of defence for "sent at most once": the same pairs as kefu_desk.domain.outbox.LEGAL.
CREATE TRIGGER outbox_legal_step BEFORE UPDATE OF state ON outbox
WHEN (OLD.state || ' ' || NEW.state) NOT IN (
  'queued sending', 'queued cancelled',
  'sending sent', 'sending failed', 'sending unknown', 'sending queued',
  'unknown sent', 'unknown resolved',
  'failed resolved',
  'resolved sent'
)
BEGIN
  SELECT RAISE(ABORT, 'illegal step of an outbox row');
END;

CREATE TRIGGER outbox_fixed BEFORE UPDATE ON outbox
WHEN NEW.id IS NOT OLD.id OR NEW.openid IS NOT OLD.openid OR NEW.agent IS NOT OLD.agent
  OR NEW.text IS NOT OLD.text OR NEW.created IS NOT OLD.created OR NEW.parent IS NOT OLD.parent
BEGIN
  SELECT RAISE(ABORT, 'the content of an outbox row never changes');
END;

-- A record of WeChat explains one send, and a send is explained by one record.
CREATE TABLE claim (
  openid   TEXT NOT NULL,
  worker   TEXT NOT NULL,
  opercode INTEGER NOT NULL,
  time     INTEGER NOT NULL,
  text     TEXT NOT NULL,
  ordinal  INTEGER NOT NULL CHECK (ordinal >= 0),
  item     INTEGER NOT NULL UNIQUE REFERENCES outbox (id),
  PRIMARY KEY (openid, worker, opercode, time, text, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
  openid TEXT PRIMARY KEY CHECK (length(CAST(openid AS BLOB)) BETWEEN 1 AND 128),
  words  TEXT NOT NULL CHECK (length(CAST(words AS BLOB)) BETWEEN 1 AND 1048576)
) STRICT, WITHOUT ROWID;
