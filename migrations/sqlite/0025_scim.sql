-- Provisioning by SCIM: the tokens of an organisation's directory, the people and groups it tells of,
-- and the roles that its administrators give to groups.
CREATE TABLE scim_tokens (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  hint TEXT NOT NULL,
  hash TEXT NOT NULL CONSTRAINT scim_tokens_hash_key UNIQUE,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
);
CREATE INDEX scim_tokens_organization ON scim_tokens (organization_id, id);

-- `user_id` is the account, once there is one. Keys are what stands beside them in small letters;
-- `name` and `emails` are JSON.
CREATE TABLE scim_users (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
  user_name TEXT NOT NULL,
  user_name_key TEXT NOT NULL,
  external_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  display_key TEXT NOT NULL,
  name TEXT NOT NULL,
  emails TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT scim_users_user_name_key UNIQUE (organization_id, user_name_key),
  CONSTRAINT scim_users_user_id_key UNIQUE (organization_id, user_id)
);
CREATE INDEX scim_users_organization ON scim_users (organization_id, id);
CREATE INDEX scim_users_external_id ON scim_users (organization_id, external_id);
CREATE INDEX scim_users_display_key ON scim_users (organization_id, display_key);

CREATE TABLE scim_emails (
  scim_user_id TEXT NOT NULL REFERENCES scim_users (id) ON DELETE CASCADE,
  organization_id TEXT NOT NULL,
  email TEXT NOT NULL,
  PRIMARY KEY (scim_user_id, email)
);
CREATE INDEX scim_emails_email ON scim_emails (organization_id, email);

CREATE TABLE scim_groups (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  external_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  display_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT scim_groups_display_key UNIQUE (organization_id, display_key)
);
CREATE INDEX scim_groups_organization ON scim_groups (organization_id, id);
CREATE INDEX scim_groups_external_id ON scim_groups (organization_id, external_id);

CREATE TABLE scim_members (
  group_id TEXT NOT NULL REFERENCES scim_groups (id) ON DELETE CASCADE,
  scim_user_id TEXT NOT NULL REFERENCES scim_users (id) ON DELETE CASCADE,
  organization_id TEXT NOT NULL,
  PRIMARY KEY (group_id, scim_user_id)
);
CREATE INDEX scim_members_user ON scim_members (scim_user_id);

CREATE TABLE scim_group_roles (
  group_id TEXT PRIMARY KEY REFERENCES scim_groups (id) ON DELETE CASCADE,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('admin', 'manager', 'reviewer', 'annotator', 'viewer')),
  role_id TEXT REFERENCES roles (id),
  mapped_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX scim_group_roles_role ON scim_group_roles (role_id);
