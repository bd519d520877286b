-- The chain of an organisation holds no personal data: addresses and programs stand beside it under
-- a salted hash. What was written before is chained anew at the next start.
ALTER TABLE audit RENAME TO audit_before;
ALTER TABLE audit_heads RENAME TO audit_heads_before;
ALTER TABLE audit_heads_before RENAME CONSTRAINT audit_heads_pkey TO audit_heads_before_pkey;

-- How far the organisation's chain knows an asset's log.
ALTER TABLE assets ADD COLUMN anchored_revision BIGINT NOT NULL DEFAULT 0;
UPDATE assets SET anchored_revision = revision;
CREATE INDEX assets_unanchored ON assets (anchored_at) WHERE revision > anchored_revision;

CREATE TABLE audit_entries (
  organization_id UUID NOT NULL,
  sequence BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_id UUID,
  action TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'denied')),
  request_id TEXT NOT NULL,
  origin TEXT,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (organization_id, sequence)
);
CREATE INDEX audit_entries_actor ON audit_entries (organization_id, actor_id, sequence);
CREATE INDEX audit_entries_object ON audit_entries (organization_id, object_id, sequence);

-- `watchers` counts who wants to hear of each entry.
CREATE TABLE audit_heads (
  organization_id UUID PRIMARY KEY,
  sequence BIGINT NOT NULL,
  hash TEXT NOT NULL,
  at BIGINT NOT NULL,
  watchers BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- Where entries came from; `id` is the hash of `salt` and the rest.
CREATE TABLE audit_origins (
  organization_id UUID NOT NULL,
  id TEXT NOT NULL,
  actor_id UUID,
  salt TEXT NOT NULL,
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX audit_origins_actor ON audit_origins (actor_id);

CREATE TABLE audit_keys (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE audit_signatures (
  organization_id UUID NOT NULL,
  sequence BIGINT NOT NULL,
  hash TEXT NOT NULL,
  signed_at BIGINT NOT NULL,
  key_id TEXT NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY (organization_id, sequence)
);

CREATE FUNCTION audit_entries_move_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE audit_heads SET sequence = NEW.sequence, hash = NEW.hash, at = NEW.at
  WHERE organization_id = NEW.organization_id;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_entries_move_head AFTER INSERT ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION audit_entries_move_head();
CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are never changed or deleted';
END $$;
CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION audit_entries_stay();
CREATE TRIGGER audit_entries_last BEFORE TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay();

ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_entries_tenant ON audit_entries USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_heads_tenant ON audit_heads USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE audit_origins ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_origins FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_origins_tenant ON audit_origins USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE audit_signatures ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_signatures FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_signatures_tenant ON audit_signatures USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE audit_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_keys_tenant ON audit_keys USING (
    current_setting('aa.system', true) = 'on');
