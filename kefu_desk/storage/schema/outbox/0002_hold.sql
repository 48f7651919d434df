-- A send may be held for some seconds, in which it can be undone or joined, and parked until the customer writes.
-- What became of it says more: by what it was proved, what a person decided, when a question was asked.
CREATE TABLE outbox_new (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  openid   TEXT NOT NULL CHECK (length(CAST(openid AS BLOB)) BETWEEN 1 AND 128),
  agent    TEXT NOT NULL CHECK (length(CAST(agent AS BLOB)) BETWEEN 1 AND 128),
  text     TEXT NOT NULL CHECK (length(CAST(text AS BLOB)) BETWEEN 1 AND 8192),
  created  REAL NOT NULL,
  state    TEXT NOT NULL CHECK (state IN
           ('held', 'queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'resolved', 'parked')),
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  started  REAL,
  settled  REAL,
  failure  TEXT CHECK (failure IS NULL OR (substr(failure, 1, 1) = '{' AND length(failure) <= 65536)),
  parent   INTEGER REFERENCES outbox_new (id),
  evidence INTEGER NOT NULL DEFAULT 0 CHECK (evidence IN (0, 1)),
  lines    INTEGER NOT NULL DEFAULT 1 CHECK (lines >= 1),
  asked    REAL,
  proof    TEXT CHECK (proof IS NULL OR (proof IN ('reply', 'record') AND state = 'sent')),
  decision TEXT CHECK (decision IS NULL OR decision IN ('again', 'arrived', 'left')),
  seen     REAL
) STRICT;

INSERT INTO outbox_new (id, openid, agent, text, created, state, attempts, started, settled, failure, parent,
                        evidence, proof, decision)
SELECT id, openid, agent, text, created, state, attempts, started, settled, failure, parent, evidence,
       CASE state WHEN 'sent' THEN 'reply' END, CASE state WHEN 'resolved' THEN 'left' END
FROM outbox ORDER BY id;

CREATE TABLE claim_new (
  openid   TEXT NOT NULL,
  worker   TEXT NOT NULL,
  opercode INTEGER NOT NULL,
  time     INTEGER NOT NULL,
  text     TEXT NOT NULL,
  ordinal  INTEGER NOT NULL CHECK (ordinal >= 0),
  item     INTEGER NOT NULL UNIQUE REFERENCES outbox_new (id),
  PRIMARY KEY (openid, worker, opercode, time, text, ordinal)
) STRICT, WITHOUT ROWID;

INSERT INTO claim_new SELECT openid, worker, opercode, time, text, ordinal, item FROM claim;

DROP TABLE claim;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
ALTER TABLE claim_new RENAME TO claim;

CREATE INDEX outbox_customer ON outbox (openid, id);
CREATE INDEX outbox_open ON outbox (id) WHERE state IN ('held', 'queued', 'sending', 'unknown', 'parked');
CREATE INDEX outbox_unclaimed ON outbox (openid, id)
  WHERE evidence = 0 AND state IN ('sending', 'sent', 'unknown', 'resolved');
CREATE INDEX outbox_refused ON outbox (openid, id) WHERE state IN ('failed', 'resolved') AND failure IS NOT NULL;
CREATE INDEX outbox_proved ON outbox (id) WHERE state = 'sent' AND proof = 'reply';

-- The last line of defence for "sent at most once": the same pairs as kefu_desk.domain.outbox.LEGAL.
CREATE TRIGGER outbox_legal_step BEFORE UPDATE OF state ON outbox
WHEN (OLD.state || ' ' || NEW.state) NOT IN (
  'held queued', 'held cancelled', 'held parked',
  'queued sending', 'queued cancelled', 'queued parked',
  'sending sent', 'sending failed', 'sending unknown', 'sending queued',
  'unknown sent', 'unknown resolved',
  'failed resolved',
  'resolved sent',
  'parked cancelled'
)
BEGIN
  SELECT RAISE(ABORT, 'illegal step of an outbox row');
END;

CREATE TRIGGER outbox_fixed BEFORE UPDATE ON outbox
WHEN NEW.id IS NOT OLD.id OR NEW.openid IS NOT OLD.openid OR NEW.agent IS NOT OLD.agent
  OR NEW.created IS NOT OLD.created OR NEW.parent IS NOT OLD.parent
  OR (NEW.text IS NOT OLD.text AND NOT (OLD.state = 'held' AND NEW.state = 'held'))
BEGIN
  SELECT RAISE(ABORT, 'the content of an outbox row never changes once it may be sent');
END;
