-- Members of COCO files that have no place of their own (info, licenses, flickr_url, ...), kept for
-- the next export: of the file itself, of images (an asset's id), of categories (a label's).
CREATE TABLE coco_extras (
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'image', 'category')),
  subject TEXT NOT NULL,
  extra TEXT NOT NULL,
  PRIMARY KEY (project_id, kind, subject)
);
