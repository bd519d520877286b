UPDATE annotations SET label_id = $3, type = $4, source = $5, score = $6, body = $7,
  updated_at = $8, revision = $9
WHERE id = $1 AND organization_id = $2
