-- Our key for each SAML provider, sealed; identity providers are told its certificate.
CREATE TABLE saml_keys (
  provider_id UUID PRIMARY KEY REFERENCES identity_providers (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  sealed TEXT NOT NULL,
  certificate TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- Assertions and requests to sign out that were used, for as long as they could come again.
CREATE TABLE saml_assertions (
  provider_id UUID NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
  message_hash TEXT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (provider_id, message_hash)
);
CREATE INDEX saml_assertions_expires ON saml_assertions (expires_at);

-- By what name a provider knows a session, so that either side can end it.
CREATE TABLE saml_sessions (
  session_id UUID PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  provider_id UUID NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
  name_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  session_index TEXT NOT NULL
);
CREATE INDEX saml_sessions_name ON saml_sessions (provider_id, name_hash);

ALTER TABLE saml_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE saml_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY saml_keys_tenant ON saml_keys USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE saml_assertions ENABLE ROW LEVEL SECURITY;
ALTER TABLE saml_assertions FORCE ROW LEVEL SECURITY;
CREATE POLICY saml_assertions_tenant ON saml_assertions USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE saml_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE saml_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY saml_sessions_tenant ON saml_sessions USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
