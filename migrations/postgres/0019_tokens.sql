-- Keys that sign access tokens, sealed under the master key: the newest whose time has come signs,
-- all verify.
CREATE TABLE signing_keys (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  active_from BIGINT NOT NULL
);

-- Other secrets of the installation, sealed under the master key.
CREATE TABLE installation_secrets (
  name TEXT PRIMARY KEY,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- Personal tokens act for their owner, service tokens for the organisation; of a token only its
-- SHA-256 is kept. A service token has a user of its own, who is no member.
CREATE TABLE api_tokens (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('personal', 'service')),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  hint TEXT NOT NULL,
  hash TEXT NOT NULL CONSTRAINT api_tokens_hash_key UNIQUE,
  scopes TEXT NOT NULL,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX api_tokens_user ON api_tokens (user_id, organization_id, id);
CREATE INDEX api_tokens_organization ON api_tokens (organization_id, kind, id);

ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY signing_keys_system ON signing_keys USING (
    current_setting('aa.system', true) = 'on');
ALTER TABLE installation_secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE installation_secrets FORCE ROW LEVEL SECURITY;
CREATE POLICY installation_secrets_system ON installation_secrets USING (
    current_setting('aa.system', true) = 'on');
ALTER TABLE api_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY api_tokens_tenant ON api_tokens USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
