-- Features of images and of annotated objects, and how far each set of them has been written:
-- `head` counts every write of a set, in the order of their commits, so that a reader that has
-- seen head n misses nothing when it asks for what came after n.
CREATE TABLE embedding_sets (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  model_version TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('image', 'object')),
  dims INTEGER NOT NULL CHECK (dims BETWEEN 1 AND 4096),
  head INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, model_version, kind)
);

-- `subject` is the asset's id, or the annotation's for kind object. `content` is the SHA-256 of the
-- file and `asset_revision` the head of its log when the features were computed. `vector` holds
-- float32 numbers, little-endian, of length 1.
CREATE TABLE embeddings (
  subject TEXT NOT NULL,
  model_version TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('image', 'object')),
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  asset_id TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  content TEXT NOT NULL,
  asset_revision INTEGER NOT NULL,
  picture_hash INTEGER NOT NULL,
  vector BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (subject, model_version)
);
CREATE INDEX embeddings_sequence ON embeddings (project_id, model_version, kind, sequence);
CREATE INDEX embeddings_asset ON embeddings (asset_id, model_version, kind);

-- Why a suggestion was made, where its score does not tell: a list of sentences, as JSON.
ALTER TABLE suggestions ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]';
CREATE INDEX suggestions_project ON suggestions (project_id, state, asset_id);
