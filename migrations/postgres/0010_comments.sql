-- Comments on a spot or an object of an asset. `comments_revision` counts every change of an asset's
-- threads; a thread and a comment keep the count of their last change.
ALTER TABLE assets ADD COLUMN comments_revision BIGINT NOT NULL DEFAULT 0;

CREATE TABLE comment_threads (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  asset_id UUID NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  annotation_id UUID,
  x DOUBLE PRECISION,
  y DOUBLE PRECISION,
  frame BIGINT,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  resolved_by UUID,
  resolved_at BIGINT,
  revision BIGINT NOT NULL
);
CREATE INDEX comment_threads_asset ON comment_threads (asset_id, revision);
CREATE INDEX comment_threads_project ON comment_threads (project_id, id);
CREATE INDEX comment_threads_open ON comment_threads (project_id, id) WHERE resolved_at IS NULL;

-- `version` counts the edits of the text.
CREATE TABLE comments (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  thread_id UUID NOT NULL REFERENCES comment_threads (id) ON DELETE CASCADE,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  edited_at BIGINT,
  deleted_at BIGINT,
  body TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX comments_thread ON comments (thread_id, id);

-- Edits of a text, by the version they made: what a late edit is transformed over. `id` is the
-- client's, so that the same edit sent again is known.
CREATE TABLE comment_edits (
  comment_id UUID NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
  version BIGINT NOT NULL,
  id UUID NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  actor_id UUID NOT NULL,
  edit TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (comment_id, version)
);

CREATE TABLE mentions (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  comment_id UUID NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
  user_id UUID NOT NULL,
  created_at BIGINT NOT NULL,
  read_at BIGINT,
  CONSTRAINT mentions_comment_id_user_id_key UNIQUE (comment_id, user_id)
);
CREATE INDEX mentions_user ON mentions (user_id, read_at, id);

ALTER TABLE comment_threads ENABLE ROW LEVEL SECURITY;
ALTER TABLE comment_threads FORCE ROW LEVEL SECURITY;
CREATE POLICY comment_threads_tenant ON comment_threads USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE comments ENABLE ROW LEVEL SECURITY;
ALTER TABLE comments FORCE ROW LEVEL SECURITY;
CREATE POLICY comments_tenant ON comments USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE comment_edits ENABLE ROW LEVEL SECURITY;
ALTER TABLE comment_edits FORCE ROW LEVEL SECURITY;
CREATE POLICY comment_edits_tenant ON comment_edits USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE mentions ENABLE ROW LEVEL SECURITY;
ALTER TABLE mentions FORCE ROW LEVEL SECURITY;
CREATE POLICY mentions_tenant ON mentions USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
