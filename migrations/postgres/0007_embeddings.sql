-- Features of images and of annotated objects, and how far each set of them has been written:
-- `head` counts every write of a set, in the order of their commits, so that a reader that has
-- seen head n misses nothing when it asks for what came after n.
CREATE TABLE embedding_sets (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  model_version TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('image', 'object')),
  dims BIGINT NOT NULL CHECK (dims BETWEEN 1 AND 4096),
  head BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, model_version, kind)
);

-- `subject` is the asset's id, or the annotation's for kind object. `content` is the SHA-256 of the
-- file and `asset_revision` the head of its log when the features were computed. `vector` holds
-- float32 numbers, little-endian, of length 1.
CREATE TABLE embeddings (
  subject UUID NOT NULL,
  model_version TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('image', 'object')),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  asset_id UUID NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  sequence BIGINT NOT NULL,
  content TEXT NOT NULL,
  asset_revision BIGINT NOT NULL,
  picture_hash BIGINT NOT NULL,
  vector BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (subject, model_version)
);
CREATE INDEX embeddings_sequence ON embeddings (project_id, model_version, kind, sequence);
CREATE INDEX embeddings_asset ON embeddings (asset_id, model_version, kind);

-- Why a suggestion was made, where its score does not tell: a list of sentences, as JSON.
ALTER TABLE suggestions ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]';
CREATE INDEX suggestions_project ON suggestions (project_id, state, asset_id);

ALTER TABLE embedding_sets ENABLE ROW LEVEL SECURITY;
ALTER TABLE embedding_sets FORCE ROW LEVEL SECURITY;
CREATE POLICY embedding_sets_tenant ON embedding_sets USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE embeddings ENABLE ROW LEVEL SECURITY;
ALTER TABLE embeddings FORCE ROW LEVEL SECURITY;
CREATE POLICY embeddings_tenant ON embeddings USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
