-- A note on an image; its revision is what an edit is based on. An image may show the stored bytes
-- of another one (`content_id`), as copies made for measurements do.
ALTER TABLE assets ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE assets ADD COLUMN note_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assets ADD COLUMN content_id TEXT;

-- How many assets there are among each 1024 ranks of a project: from a thousand rows follows where
-- in a million assets a position lies, and how many there are, whatever was deleted.
CREATE TABLE asset_blocks (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  block INTEGER NOT NULL,
  organization_id TEXT NOT NULL,
  assets INTEGER NOT NULL,
  PRIMARY KEY (project_id, block)
);
INSERT INTO asset_blocks (project_id, block, organization_id, assets)
SELECT project_id, rank / 1024, organization_id, COUNT(*) FROM assets WHERE deleted_at IS NULL
GROUP BY project_id, rank / 1024, organization_id;

CREATE INDEX assets_by_name ON assets (project_id, organization_id, filename, rank, id)
  WHERE deleted_at IS NULL;
CREATE INDEX assets_deleted ON assets (project_id, id) WHERE deleted_at IS NOT NULL;

-- Objects and images per label are counted in this index alone.
DROP INDEX annotations_project_label;
CREATE INDEX annotations_project_label
  ON annotations (project_id, label_id, asset_id, organization_id);

-- Files on their way in, a piece at a time (tus 1.0). `received` counts bytes that are kept.
CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  filename TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  received INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('receiving', 'received', 'storing', 'done')),
  result TEXT NOT NULL DEFAULT '{}',
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  lease_until INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX uploads_user ON uploads (organization_id, user_id, id);
CREATE INDEX uploads_expiry ON uploads (expires_at);

CREATE TABLE upload_parts (
  upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (upload_id, first)
);
CREATE INDEX upload_parts_id ON upload_parts (id);
