UPDATE comment_threads SET revision = $3 WHERE id = $1 AND organization_id = $2
