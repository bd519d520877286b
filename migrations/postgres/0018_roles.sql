-- Roles of an organisation's own, beside the built-in ones; roles on single projects; invitations;
-- policies; quotas and what is used. For the rows that are there already, as the system.
SELECT set_config('aa.system', 'on', true);

ALTER TABLE organizations ADD COLUMN deleted_at BIGINT;

-- `permissions` is a JSON list of names.
CREATE TABLE roles (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description TEXT NOT NULL DEFAULT '',
  permissions TEXT NOT NULL,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  CONSTRAINT roles_organization_id_name_key UNIQUE (organization_id, name)
);

-- Where a role_id stands, that role holds, and `role` is the least.
ALTER TABLE memberships ADD COLUMN role_id UUID REFERENCES roles (id);

CREATE TABLE project_grants (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  user_id UUID NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('manager', 'reviewer', 'annotator', 'viewer')),
  role_id UUID REFERENCES roles (id),
  granted_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, user_id),
  FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id)
    ON DELETE CASCADE
);
CREATE INDEX project_grants_member ON project_grants (organization_id, user_id);

CREATE TABLE invitations (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'reviewer', 'annotator', 'viewer')),
  role_id UUID REFERENCES roles (id),
  token_hash TEXT NOT NULL CONSTRAINT invitations_token_hash_key UNIQUE,
  invited_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  accepted_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX invitations_organization ON invitations (organization_id, id);

CREATE TABLE organization_policies (
  organization_id UUID PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  policy TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1
);

-- Limits of an organisation: those that the operator gave it, and its own below them.
CREATE TABLE quotas (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  set_by TEXT NOT NULL CHECK (set_by IN ('operator', 'organization')),
  storage_bytes BIGINT,
  assets BIGINT,
  model_seconds BIGINT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, set_by)
);

CREATE TABLE usage_totals (
  organization_id UUID PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  assets BIGINT NOT NULL,
  storage_bytes BIGINT NOT NULL
);
INSERT INTO usage_totals (organization_id, assets, storage_bytes)
SELECT o.id, COUNT(a.id), COALESCE(SUM(a.size_bytes), 0)
FROM organizations o LEFT JOIN assets a ON a.organization_id = o.id AND a.deleted_at IS NULL
GROUP BY o.id;

-- Days since 1970-01-01, UTC.
CREATE TABLE usage_days (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  day BIGINT NOT NULL,
  assets_added BIGINT NOT NULL DEFAULT 0,
  bytes_added BIGINT NOT NULL DEFAULT 0,
  model_ms BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, day)
);

ALTER TABLE roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
CREATE POLICY roles_tenant ON roles USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE project_grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE project_grants FORCE ROW LEVEL SECURITY;
CREATE POLICY project_grants_tenant ON project_grants USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY invitations_tenant ON invitations USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE organization_policies ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization_policies FORCE ROW LEVEL SECURITY;
CREATE POLICY organization_policies_tenant ON organization_policies USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE quotas ENABLE ROW LEVEL SECURITY;
ALTER TABLE quotas FORCE ROW LEVEL SECURITY;
CREATE POLICY quotas_tenant ON quotas USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE usage_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_totals FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_totals_tenant ON usage_totals USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE usage_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_days FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_days_tenant ON usage_days USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
