UPDATE projects SET next_rank = next_rank + $3
WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL RETURNING next_rank
