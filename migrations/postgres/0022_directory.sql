-- By which name an organisation's directory knows a person: an OpenID provider, a SAML identity
-- provider, an LDAP server or a SCIM client. The subject never changes; an address may.
SELECT set_config('aa.system', 'on', true);

CREATE TABLE directory_links (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  provider_id TEXT NOT NULL CHECK (length(provider_id) BETWEEN 1 AND 64),
  subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 400),
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, provider_id, subject)
);
CREATE INDEX directory_links_user ON directory_links (user_id);

ALTER TABLE directory_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory_links FORCE ROW LEVEL SECURITY;
CREATE POLICY directory_links_tenant ON directory_links USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
