-- Who vouches for an organisation's people, besides their passwords: `config` is the kind's own and
-- holds no secret, `secret` is sealed.
CREATE TABLE identity_providers (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('oidc', 'saml', 'ldap')),
  name TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  config TEXT NOT NULL,
  secret TEXT,
  jit BOOLEAN NOT NULL,
  default_role TEXT NOT NULL,
  role_rules TEXT NOT NULL,
  trusts_mfa BOOLEAN NOT NULL,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX identity_providers_organization ON identity_providers (organization_id, id);

-- Where people of a domain sign in. A domain is one organisation's.
CREATE TABLE provider_domains (
  domain TEXT PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  provider_id UUID NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE
);
CREATE INDEX provider_domains_provider ON provider_domains (provider_id);

-- Sign-ins that are under way at a provider. A flow is used once; what it led to is kept until it
-- expires, so that a code that comes again ends the session that it began. It outlives its provider,
-- so that who comes back too late is told why.
CREATE TABLE sso_flows (
  state_hash TEXT PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  provider_id UUID NOT NULL,
  browser_hash TEXT NOT NULL,
  data TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'link', 'test')),
  user_id UUID REFERENCES users (id) ON DELETE CASCADE,
  return_to TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  code_hash TEXT,
  session_id UUID
);
CREATE INDEX sso_flows_expires ON sso_flows (expires_at);
CREATE UNIQUE INDEX sso_flows_code ON sso_flows (code_hash);

ALTER TABLE identity_providers ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_providers FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_providers_tenant ON identity_providers USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE provider_domains ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_domains FORCE ROW LEVEL SECURITY;
CREATE POLICY provider_domains_tenant ON provider_domains USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE sso_flows ENABLE ROW LEVEL SECURITY;
ALTER TABLE sso_flows FORCE ROW LEVEL SECURITY;
CREATE POLICY sso_flows_tenant ON sso_flows USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
