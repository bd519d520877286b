-- By which name an organisation's directory knows a person: an OpenID provider, a SAML identity
-- provider, an LDAP server or a SCIM client. The subject never changes; an address may.
CREATE TABLE directory_links (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  provider_id TEXT NOT NULL CHECK (length(provider_id) BETWEEN 1 AND 64),
  subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 400),
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization_id, provider_id, subject)
);
CREATE INDEX directory_links_user ON directory_links (user_id);
