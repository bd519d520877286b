SELECT project_id FROM comment_threads WHERE id = $1 AND organization_id = $2
