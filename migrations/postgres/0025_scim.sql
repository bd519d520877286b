-- Provisioning by SCIM: the tokens of an organisation's directory, the people and groups it tells of,
-- and the roles that its administrators give to groups.
SELECT set_config('aa.system', 'on', true);

CREATE TABLE scim_tokens (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  hint TEXT NOT NULL,
  hash TEXT NOT NULL CONSTRAINT scim_tokens_hash_key UNIQUE,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX scim_tokens_organization ON scim_tokens (organization_id, id);

-- `user_id` is the account, once there is one. Keys are what stands beside them in small letters;
-- `name` and `emails` are JSON.
CREATE TABLE scim_users (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id UUID REFERENCES users (id) ON DELETE SET NULL,
  user_name TEXT NOT NULL,
  user_name_key TEXT NOT NULL,
  external_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  display_key TEXT NOT NULL,
  name TEXT NOT NULL,
  emails TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  CONSTRAINT scim_users_user_name_key UNIQUE (organization_id, user_name_key),
  CONSTRAINT scim_users_user_id_key UNIQUE (organization_id, user_id)
);
CREATE INDEX scim_users_organization ON scim_users (organization_id, id);
CREATE INDEX scim_users_external_id ON scim_users (organization_id, external_id);
CREATE INDEX scim_users_display_key ON scim_users (organization_id, display_key);

CREATE TABLE scim_emails (
  scim_user_id UUID NOT NULL REFERENCES scim_users (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL,
  email TEXT NOT NULL,
  PRIMARY KEY (scim_user_id, email)
);
CREATE INDEX scim_emails_email ON scim_emails (organization_id, email);

CREATE TABLE scim_groups (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  external_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  display_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  CONSTRAINT scim_groups_display_key UNIQUE (organization_id, display_key)
);
CREATE INDEX scim_groups_organization ON scim_groups (organization_id, id);
CREATE INDEX scim_groups_external_id ON scim_groups (organization_id, external_id);

CREATE TABLE scim_members (
  group_id UUID NOT NULL REFERENCES scim_groups (id) ON DELETE CASCADE,
  scim_user_id UUID NOT NULL REFERENCES scim_users (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL,
  PRIMARY KEY (group_id, scim_user_id)
);
CREATE INDEX scim_members_user ON scim_members (scim_user_id);

CREATE TABLE scim_group_roles (
  group_id UUID PRIMARY KEY REFERENCES scim_groups (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('admin', 'manager', 'reviewer', 'annotator', 'viewer')),
  role_id UUID REFERENCES roles (id),
  mapped_by UUID NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX scim_group_roles_role ON scim_group_roles (role_id);

ALTER TABLE scim_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE scim_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY scim_tokens_tenant ON scim_tokens USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE scim_users ENABLE ROW LEVEL SECURITY;
ALTER TABLE scim_users FORCE ROW LEVEL SECURITY;
CREATE POLICY scim_users_tenant ON scim_users USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE scim_emails ENABLE ROW LEVEL SECURITY;
ALTER TABLE scim_emails FORCE ROW LEVEL SECURITY;
CREATE POLICY scim_emails_tenant ON scim_emails USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE scim_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE scim_groups FORCE ROW LEVEL SECURITY;
CREATE POLICY scim_groups_tenant ON scim_groups USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE scim_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE scim_members FORCE ROW LEVEL SECURITY;
CREATE POLICY scim_members_tenant ON scim_members USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE scim_group_roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE scim_group_roles FORCE ROW LEVEL SECURITY;
CREATE POLICY scim_group_roles_tenant ON scim_group_roles USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
