-- Which project is an organisation's demo.
CREATE TABLE demo_projects (
  organization_id UUID PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  project_id UUID NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL
);
ALTER TABLE demo_projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE demo_projects FORCE ROW LEVEL SECURITY;
CREATE POLICY demo_projects_tenant ON demo_projects USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
