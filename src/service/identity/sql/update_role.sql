UPDATE roles SET name = $3, description = $4, permissions = $5, updated_at = $6,
                 revision = revision + 1
WHERE id = $1 AND organization_id = $2
