-- Keys that sign access tokens, sealed under the master key: the newest whose time has come signs,
-- all verify.
CREATE TABLE signing_keys (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  active_from INTEGER NOT NULL
);

-- Other secrets of the installation, sealed under the master key.
CREATE TABLE installation_secrets (
  name TEXT PRIMARY KEY,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

-- Personal tokens act for their owner, service tokens for the organisation; of a token only its
-- SHA-256 is kept. A service token has a user of its own, who is no member.
CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('personal', 'service')),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  hint TEXT NOT NULL,
  hash TEXT NOT NULL CONSTRAINT api_tokens_hash_key UNIQUE,
  scopes TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
);
CREATE INDEX api_tokens_user ON api_tokens (user_id, organization_id, id);
CREATE INDEX api_tokens_organization ON api_tokens (organization_id, kind, id);
