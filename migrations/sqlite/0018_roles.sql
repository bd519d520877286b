-- Roles of an organisation's own, beside the built-in ones; roles on single projects; invitations;
-- policies; quotas and what is used.

ALTER TABLE organizations ADD COLUMN deleted_at INTEGER;

-- `permissions` is a JSON list of names.
CREATE TABLE roles (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description TEXT NOT NULL DEFAULT '',
  permissions TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT roles_organization_id_name_key UNIQUE (organization_id, name)
);

-- Where a role_id stands, that role holds, and `role` is the least.
ALTER TABLE memberships ADD COLUMN role_id TEXT REFERENCES roles (id);

CREATE TABLE project_grants (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('manager', 'reviewer', 'annotator', 'viewer')),
  role_id TEXT REFERENCES roles (id),
  granted_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, user_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id)
    ON DELETE CASCADE
);
CREATE INDEX project_grants_member ON project_grants (organization_id, user_id);

CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'reviewer', 'annotator', 'viewer')),
  role_id TEXT REFERENCES roles (id),
  token_hash TEXT NOT NULL CONSTRAINT invitations_token_hash_key UNIQUE,
  invited_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER,
  revoked_at INTEGER
);
CREATE INDEX invitations_organization ON invitations (organization_id, id);

CREATE TABLE organization_policies (
  organization_id TEXT PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  policy TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1
);

-- Limits of an organisation: those that the operator gave it, and its own below them.
CREATE TABLE quotas (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  set_by TEXT NOT NULL CHECK (set_by IN ('operator', 'organization')),
  storage_bytes INTEGER,
  assets INTEGER,
  model_seconds INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (organization_id, set_by)
);

CREATE TABLE usage_totals (
  organization_id TEXT PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  assets INTEGER NOT NULL,
  storage_bytes INTEGER NOT NULL
);
INSERT INTO usage_totals (organization_id, assets, storage_bytes)
SELECT o.id, COUNT(a.id), COALESCE(SUM(a.size_bytes), 0)
FROM organizations o LEFT JOIN assets a ON a.organization_id = o.id AND a.deleted_at IS NULL
GROUP BY o.id;

-- Days since 1970-01-01, UTC.
CREATE TABLE usage_days (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  day INTEGER NOT NULL,
  assets_added INTEGER NOT NULL DEFAULT 0,
  bytes_added INTEGER NOT NULL DEFAULT 0,
  model_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, day)
);
