UPDATE mentions SET read_at = $3
WHERE user_id = $1 AND organization_id = $2 AND read_at IS NULL AND id <= $4
