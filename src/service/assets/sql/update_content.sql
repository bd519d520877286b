UPDATE assets SET format = $3, orientation = $4, sha256 = $5, size_bytes = $6, content_id = NULL
WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL
