UPDATE comments SET body = $3, version = $4, edited_at = $5 WHERE id = $1 AND organization_id = $2
