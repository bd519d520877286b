-- People and organisations.
CREATE TABLE organizations (
  id UUID PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE users (
  id UUID PRIMARY KEY,
  email TEXT NOT NULL CONSTRAINT users_email_key UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT
);

CREATE TABLE memberships (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'reviewer', 'annotator', 'viewer')),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id, created_at);

-- One session per login. Refresh tokens of a session form a family: using one twice ends it.
CREATE TABLE sessions (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  cookie_hash TEXT CONSTRAINT sessions_cookie_hash_key UNIQUE,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);

CREATE TABLE refresh_tokens (
  hash TEXT PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- Projects and their labels.
CREATE TABLE projects (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  type TEXT NOT NULL CHECK (type IN ('detection', 'segmentation', 'classification', 'keypoints', 'tracking', 'pointcloud')),
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  next_rank BIGINT NOT NULL DEFAULT 0,
  revision BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX projects_organization ON projects (organization_id, deleted_at, id);

CREATE TABLE labels (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  color TEXT NOT NULL,
  kind TEXT NOT NULL,
  attributes TEXT NOT NULL DEFAULT '[]',
  skeleton TEXT,
  rank BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX labels_project_id_name_key ON labels (project_id, name) WHERE deleted_at IS NULL;
CREATE INDEX labels_project ON labels (project_id, rank);

-- What is annotated. `revision` and `log_hash` are the head of the asset's operation log.
CREATE TABLE assets (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  rank BIGINT NOT NULL,
  filename TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('image', 'video', 'pointcloud')),
  format TEXT NOT NULL,
  width BIGINT NOT NULL CHECK (width >= 0),
  height BIGINT NOT NULL CHECK (height >= 0),
  orientation BIGINT NOT NULL DEFAULT 1,
  sha256 TEXT NOT NULL,
  size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
  status TEXT NOT NULL CHECK (status IN ('processing', 'ready', 'failed')),
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT,
  annotation_count BIGINT NOT NULL DEFAULT 0,
  suggestion_count BIGINT NOT NULL DEFAULT 0,
  revision BIGINT NOT NULL DEFAULT 0,
  log_hash TEXT NOT NULL DEFAULT '',
  anchored_at BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT assets_project_id_rank_key UNIQUE (project_id, rank)
);
CREATE INDEX assets_sha256 ON assets (project_id, sha256);

-- The log: every change of an annotation, hash-chained per asset; annotations are its fold.
CREATE TABLE operations (
  asset_id UUID NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  revision BIGINT NOT NULL,
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  target UUID NOT NULL,
  body TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('manual', 'model', 'import')),
  actor_id UUID NOT NULL,
  created_at BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (asset_id, revision)
);
CREATE UNIQUE INDEX operations_asset_id_id_key ON operations (asset_id, id);
CREATE INDEX operations_target ON operations (target, revision);

CREATE TABLE annotations (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL,
  project_id UUID NOT NULL,
  asset_id UUID NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  label_id UUID NOT NULL REFERENCES labels (id),
  type TEXT NOT NULL,
  source TEXT NOT NULL,
  score DOUBLE PRECISION,
  body TEXT NOT NULL,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX annotations_asset ON annotations (asset_id, id);
CREATE INDEX annotations_project_label ON annotations (project_id, label_id);

-- What a model proposes; a person accepts or rejects.
CREATE TABLE suggestions (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL,
  project_id UUID NOT NULL,
  asset_id UUID NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  label_id UUID REFERENCES labels (id),
  class TEXT NOT NULL,
  shape TEXT NOT NULL,
  score DOUBLE PRECISION NOT NULL CHECK (score BETWEEN 0 AND 1),
  model_version TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'rejected')),
  job_id UUID,
  annotation_id UUID,
  created_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by UUID,
  revision BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX suggestions_asset ON suggestions (asset_id, state, score);

-- Long work. A worker leases a row; a lease that runs out is taken over.
CREATE TABLE jobs (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL,
  project_id UUID,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  payload TEXT NOT NULL,
  result TEXT,
  error TEXT,
  done BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL DEFAULT 0,
  unit TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  cancel_requested BOOLEAN NOT NULL DEFAULT FALSE,
  run_after BIGINT NOT NULL,
  lease_owner TEXT,
  lease_until BIGINT,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  revision BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX jobs_runnable ON jobs (run_after, id) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_organization ON jobs (organization_id, id);
CREATE INDEX jobs_project ON jobs (project_id, id);

-- The idempotent parts of a job; a part done once is not done again.
CREATE TABLE job_steps (
  job_id UUID NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  step BIGINT NOT NULL,
  organization_id UUID NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
  attempts BIGINT NOT NULL DEFAULT 0,
  error TEXT,
  finished_at BIGINT,
  PRIMARY KEY (job_id, step)
);
CREATE INDEX job_steps_pending ON job_steps (job_id, step) WHERE state = 'pending';

CREATE TABLE models (
  id TEXT NOT NULL,
  organization_id UUID NOT NULL,
  family TEXT NOT NULL,
  task TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  card TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'failed')),
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (organization_id, id)
);

CREATE TABLE exports (
  job_id UUID PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL,
  project_id UUID NOT NULL,
  format TEXT NOT NULL,
  filename TEXT NOT NULL,
  blob TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- Who did what: one hash chain per organisation, its head beside it.
CREATE TABLE audit (
  organization_id UUID NOT NULL,
  sequence BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_id UUID,
  ip TEXT NOT NULL,
  request_id TEXT NOT NULL,
  action TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'denied')),
  detail TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (organization_id, sequence)
);

CREATE TABLE audit_heads (
  organization_id UUID PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  sequence BIGINT NOT NULL,
  hash TEXT NOT NULL
);

-- Answers kept for POSTs with an Idempotency-Key.
CREATE TABLE idempotency_keys (
  organization_id UUID NOT NULL,
  user_id UUID NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status BIGINT,
  body TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, user_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- The second wall: rows of another organisation do not exist for a tenant. FORCE, since owners
-- bypass policies otherwise.
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY organizations_tenant ON organizations USING (
    id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY users_tenant ON users USING (
    current_setting('aa.system', true) = 'on');
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_tenant ON memberships USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY sessions_tenant ON sessions USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY refresh_tokens_tenant ON refresh_tokens USING (
    current_setting('aa.system', true) = 'on');
ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE projects FORCE ROW LEVEL SECURITY;
CREATE POLICY projects_tenant ON projects USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE labels ENABLE ROW LEVEL SECURITY;
ALTER TABLE labels FORCE ROW LEVEL SECURITY;
CREATE POLICY labels_tenant ON labels USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE assets ENABLE ROW LEVEL SECURITY;
ALTER TABLE assets FORCE ROW LEVEL SECURITY;
CREATE POLICY assets_tenant ON assets USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE operations ENABLE ROW LEVEL SECURITY;
ALTER TABLE operations FORCE ROW LEVEL SECURITY;
CREATE POLICY operations_tenant ON operations USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE annotations ENABLE ROW LEVEL SECURITY;
ALTER TABLE annotations FORCE ROW LEVEL SECURITY;
CREATE POLICY annotations_tenant ON annotations USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE suggestions ENABLE ROW LEVEL SECURITY;
ALTER TABLE suggestions FORCE ROW LEVEL SECURITY;
CREATE POLICY suggestions_tenant ON suggestions USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY jobs_tenant ON jobs USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE job_steps ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_steps FORCE ROW LEVEL SECURITY;
CREATE POLICY job_steps_tenant ON job_steps USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE models ENABLE ROW LEVEL SECURITY;
ALTER TABLE models FORCE ROW LEVEL SECURITY;
CREATE POLICY models_tenant ON models USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE exports ENABLE ROW LEVEL SECURITY;
ALTER TABLE exports FORCE ROW LEVEL SECURITY;
CREATE POLICY exports_tenant ON exports USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_tenant ON audit USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_heads_tenant ON audit_heads USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_keys_tenant ON idempotency_keys USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
