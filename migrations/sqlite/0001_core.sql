-- People and organisations.
CREATE TABLE organizations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL CONSTRAINT users_email_key UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
);

CREATE TABLE memberships (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'reviewer', 'annotator', 'viewer')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id, created_at);

-- One session per login. Refresh tokens of a session form a family: using one twice ends it.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  cookie_hash TEXT CONSTRAINT sessions_cookie_hash_key UNIQUE,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);

CREATE TABLE refresh_tokens (
  hash TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  used_at INTEGER
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- Projects and their labels.
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  type TEXT NOT NULL CHECK (type IN ('detection', 'segmentation', 'classification', 'keypoints', 'tracking', 'pointcloud')),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  next_rank INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX projects_organization ON projects (organization_id, deleted_at, id);

CREATE TABLE labels (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  color TEXT NOT NULL,
  kind TEXT NOT NULL,
  attributes TEXT NOT NULL DEFAULT '[]',
  skeleton TEXT,
  rank INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
);
CREATE UNIQUE INDEX labels_project_id_name_key ON labels (project_id, name) WHERE deleted_at IS NULL;
CREATE INDEX labels_project ON labels (project_id, rank);

-- What is annotated. `revision` and `log_hash` are the head of the asset's operation log.
CREATE TABLE assets (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  rank INTEGER NOT NULL,
  filename TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('image', 'video', 'pointcloud')),
  format TEXT NOT NULL,
  width INTEGER NOT NULL CHECK (width >= 0),
  height INTEGER NOT NULL CHECK (height >= 0),
  orientation INTEGER NOT NULL DEFAULT 1,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  status TEXT NOT NULL CHECK (status IN ('processing', 'ready', 'failed')),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  annotation_count INTEGER NOT NULL DEFAULT 0,
  suggestion_count INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  log_hash TEXT NOT NULL DEFAULT '',
  anchored_at INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT assets_project_id_rank_key UNIQUE (project_id, rank)
);
CREATE INDEX assets_sha256 ON assets (project_id, sha256);

-- The log: every change of an annotation, hash-chained per asset; annotations are its fold.
CREATE TABLE operations (
  asset_id TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  target TEXT NOT NULL,
  body TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('manual', 'model', 'import')),
  actor_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (asset_id, revision)
);
CREATE UNIQUE INDEX operations_asset_id_id_key ON operations (asset_id, id);
CREATE INDEX operations_target ON operations (target, revision);

CREATE TABLE annotations (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  asset_id TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  label_id TEXT NOT NULL REFERENCES labels (id),
  type TEXT NOT NULL,
  source TEXT NOT NULL,
  score REAL,
  body TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL
);
CREATE INDEX annotations_asset ON annotations (asset_id, id);
CREATE INDEX annotations_project_label ON annotations (project_id, label_id);

-- What a model proposes; a person accepts or rejects.
CREATE TABLE suggestions (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  asset_id TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  label_id TEXT REFERENCES labels (id),
  class TEXT NOT NULL,
  shape TEXT NOT NULL,
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
  model_version TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'rejected')),
  job_id TEXT,
  annotation_id TEXT,
  created_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by TEXT,
  revision INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX suggestions_asset ON suggestions (asset_id, state, score);

-- Long work. A worker leases a row; a lease that runs out is taken over.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  payload TEXT NOT NULL,
  result TEXT,
  error TEXT,
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  unit TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  run_after INTEGER NOT NULL,
  lease_owner TEXT,
  lease_until INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  revision INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX jobs_runnable ON jobs (run_after, id) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_organization ON jobs (organization_id, id);
CREATE INDEX jobs_project ON jobs (project_id, id);

-- The idempotent parts of a job; a part done once is not done again.
CREATE TABLE job_steps (
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  organization_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  finished_at INTEGER,
  PRIMARY KEY (job_id, step)
);
CREATE INDEX job_steps_pending ON job_steps (job_id, step) WHERE state = 'pending';

CREATE TABLE models (
  id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  family TEXT NOT NULL,
  task TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  card TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'failed')),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (organization_id, id)
);

CREATE TABLE exports (
  job_id TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  format TEXT NOT NULL,
  filename TEXT NOT NULL,
  blob TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

-- Who did what: one hash chain per organisation, its head beside it.
CREATE TABLE audit (
  organization_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_id TEXT,
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
  organization_id TEXT PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL
);

-- Answers kept for POSTs with an Idempotency-Key.
CREATE TABLE idempotency_keys (
  organization_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER,
  body TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization_id, user_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
