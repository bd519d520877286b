DELETE FROM project_grants WHERE project_id = $1 AND organization_id = $2 AND user_id = $3
