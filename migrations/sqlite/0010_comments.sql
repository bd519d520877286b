-- Comments on a spot or an object of an asset. `comments_revision` counts every change of an asset's
-- threads; a thread and a comment keep the count of their last change.
ALTER TABLE assets ADD COLUMN comments_revision INTEGER NOT NULL DEFAULT 0;

CREATE TABLE comment_threads (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  asset_id TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  annotation_id TEXT,
  x REAL,
  y REAL,
  frame INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  resolved_by TEXT,
  resolved_at INTEGER,
  revision INTEGER NOT NULL
);
CREATE INDEX comment_threads_asset ON comment_threads (asset_id, revision);
CREATE INDEX comment_threads_project ON comment_threads (project_id, id);
CREATE INDEX comment_threads_open ON comment_threads (project_id, id) WHERE resolved_at IS NULL;

-- `version` counts the edits of the text.
CREATE TABLE comments (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  thread_id TEXT NOT NULL REFERENCES comment_threads (id) ON DELETE CASCADE,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  edited_at INTEGER,
  deleted_at INTEGER,
  body TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX comments_thread ON comments (thread_id, id);

-- Edits of a text, by the version they made: what a late edit is transformed over. `id` is the
-- client's, so that the same edit sent again is known.
CREATE TABLE comment_edits (
  comment_id TEXT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  id TEXT NOT NULL,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  actor_id TEXT NOT NULL,
  edit TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (comment_id, version)
);

CREATE TABLE mentions (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  comment_id TEXT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  read_at INTEGER,
  CONSTRAINT mentions_comment_id_user_id_key UNIQUE (comment_id, user_id)
);
CREATE INDEX mentions_user ON mentions (user_id, read_at, id);
