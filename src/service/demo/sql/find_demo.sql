SELECT d.project_id FROM demo_projects d JOIN projects p ON p.id = d.project_id
WHERE d.organization_id = $1 AND p.deleted_at IS NULL
