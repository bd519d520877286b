-- Members of COCO files that have no place of their own (info, licenses, flickr_url, ...), kept for
-- the next export: of the file itself, of images (an asset's id), of categories (a label's).
CREATE TABLE coco_extras (
  organization_id UUID NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'image', 'category')),
  subject TEXT NOT NULL,
  extra TEXT NOT NULL,
  PRIMARY KEY (project_id, kind, subject)
);
ALTER TABLE coco_extras ENABLE ROW LEVEL SECURITY;
ALTER TABLE coco_extras FORCE ROW LEVEL SECURITY;
CREATE POLICY coco_extras_tenant ON coco_extras USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
