SELECT sequence, subject, asset_id, content, picture_hash, vector FROM embeddings
WHERE project_id = $1 AND organization_id = $2 AND model_version = $3 AND kind = $4 AND sequence > $5
ORDER BY sequence LIMIT $6
