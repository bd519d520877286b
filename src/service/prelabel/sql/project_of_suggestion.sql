SELECT project_id FROM suggestions WHERE id = $1 AND organization_id = $2
