SELECT project_id FROM uploads WHERE id = $1 AND organization_id = $2
