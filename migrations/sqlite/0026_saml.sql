-- Our key for each SAML provider, sealed; identity providers are told its certificate.
CREATE TABLE saml_keys (
  provider_id TEXT PRIMARY KEY REFERENCES identity_providers (id) ON DELETE CASCADE,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  sealed TEXT NOT NULL,
  certificate TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

-- Assertions and requests to sign out that were used, for as long as they could come again.
CREATE TABLE saml_assertions (
  provider_id TEXT NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
  message_hash TEXT NOT NULL,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (provider_id, message_hash)
);
CREATE INDEX saml_assertions_expires ON saml_assertions (expires_at);

-- By what name a provider knows a session, so that either side can end it.
CREATE TABLE saml_sessions (
  session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  provider_id TEXT NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
  name_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  session_index TEXT NOT NULL
);
CREATE INDEX saml_sessions_name ON saml_sessions (provider_id, name_hash);
