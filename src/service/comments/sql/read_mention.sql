UPDATE mentions SET read_at = coalesce(read_at, $4)
WHERE id = $1 AND organization_id = $2 AND user_id = $3
