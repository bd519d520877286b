UPDATE comment_threads SET resolved_by = $4, resolved_at = $5, revision = $3
WHERE id = $1 AND organization_id = $2
