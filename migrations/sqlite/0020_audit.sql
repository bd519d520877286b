-- The chain of an organisation holds no personal data: addresses and programs stand beside it under
-- a salted hash. What was written before is chained anew at the next start.
ALTER TABLE audit RENAME TO audit_before;
ALTER TABLE audit_heads RENAME TO audit_heads_before;

-- How far the organisation's chain knows an asset's log.
ALTER TABLE assets ADD COLUMN anchored_revision INTEGER NOT NULL DEFAULT 0;
UPDATE assets SET anchored_revision = revision;
CREATE INDEX assets_unanchored ON assets (anchored_at) WHERE revision > anchored_revision;

CREATE TABLE audit_entries (
  organization_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_id TEXT,
  action TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'denied')),
  request_id TEXT NOT NULL,
  origin TEXT,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (organization_id, sequence)
) WITHOUT ROWID;
CREATE INDEX audit_entries_actor ON audit_entries (organization_id, actor_id, sequence);
CREATE INDEX audit_entries_object ON audit_entries (organization_id, object_id, sequence);

-- `watchers` counts who wants to hear of each entry.
CREATE TABLE audit_heads (
  organization_id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  watchers INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Where entries came from; `id` is the hash of `salt` and the rest.
CREATE TABLE audit_origins (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  actor_id TEXT,
  salt TEXT NOT NULL,
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization_id, id)
) WITHOUT ROWID;
CREATE INDEX audit_origins_actor ON audit_origins (actor_id);

CREATE TABLE audit_keys (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE audit_signatures (
  organization_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL,
  signed_at INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY (organization_id, sequence)
) WITHOUT ROWID;

CREATE TRIGGER audit_entries_move_head AFTER INSERT ON audit_entries BEGIN
  UPDATE audit_heads SET sequence = NEW.sequence, hash = NEW.hash, at = NEW.at
  WHERE organization_id = NEW.organization_id;
END;
CREATE TRIGGER audit_entries_stay AFTER UPDATE ON audit_entries BEGIN
  SELECT RAISE(ABORT, 'audit entries are never changed');
END;
CREATE TRIGGER audit_entries_last AFTER DELETE ON audit_entries BEGIN
  SELECT RAISE(ABORT, 'audit entries are never deleted');
END;
