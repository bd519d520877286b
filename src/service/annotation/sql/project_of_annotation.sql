SELECT project_id FROM annotations WHERE id = $1 AND organization_id = $2
