-- The gesture an operation belongs to, the gesture it takes back or brings again, and the model run
-- it comes from.
ALTER TABLE operations ADD COLUMN step TEXT;
ALTER TABLE operations ADD COLUMN undoes TEXT;
ALTER TABLE operations ADD COLUMN run TEXT;
CREATE INDEX operations_actor ON operations (asset_id, actor_id, revision);

-- The whole document at some revisions, so that an old one is found without folding the log from its
-- beginning: {"revision", "items"} as GET /assets/{id}/annotations answers.
CREATE TABLE document_snapshots (
  asset_id TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (asset_id, revision)
);
