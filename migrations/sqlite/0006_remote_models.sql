-- Models that somebody else's server runs (Label Studio's ML backend contract). `problem` is why the
-- last call failed, NULL when it did not.
CREATE TABLE remote_models (
  id TEXT NOT NULL,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  task TEXT NOT NULL,
  labels TEXT NOT NULL,
  version TEXT NOT NULL,
  problem TEXT,
  checked_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);
