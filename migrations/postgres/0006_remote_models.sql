-- Models that somebody else's server runs (Label Studio's ML backend contract). `problem` is why the
-- last call failed, NULL when it did not.
CREATE TABLE remote_models (
  id TEXT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  task TEXT NOT NULL,
  labels TEXT NOT NULL,
  version TEXT NOT NULL,
  problem TEXT,
  checked_at BIGINT NOT NULL,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);
ALTER TABLE remote_models ENABLE ROW LEVEL SECURITY;
ALTER TABLE remote_models FORCE ROW LEVEL SECURITY;
CREATE POLICY remote_models_tenant ON remote_models USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
