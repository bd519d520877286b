-- The gesture an operation belongs to, the gesture it takes back or brings again, and the model run
-- it comes from.
ALTER TABLE operations ADD COLUMN step UUID;
ALTER TABLE operations ADD COLUMN undoes UUID;
ALTER TABLE operations ADD COLUMN run UUID;
CREATE INDEX operations_actor ON operations (asset_id, actor_id, revision);

-- The whole document at some revisions, so that an old one is found without folding the log from its
-- beginning: {"revision", "items"} as GET /assets/{id}/annotations answers.
CREATE TABLE document_snapshots (
  asset_id UUID NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  revision BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (asset_id, revision)
);

ALTER TABLE document_snapshots ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_snapshots FORCE ROW LEVEL SECURITY;
CREATE POLICY document_snapshots_tenant ON document_snapshots USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
