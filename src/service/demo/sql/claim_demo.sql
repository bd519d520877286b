-- Takes nothing while the organisation has a demo that was not deleted.
INSERT INTO demo_projects (organization_id, project_id, created_at) VALUES ($1, $2, $3)
ON CONFLICT (organization_id) DO UPDATE
SET project_id = excluded.project_id, created_at = excluded.created_at
WHERE EXISTS (SELECT 1 FROM projects p
              WHERE p.id = demo_projects.project_id AND p.deleted_at IS NOT NULL)
