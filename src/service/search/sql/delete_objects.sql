DELETE FROM embeddings
WHERE asset_id = $1 AND organization_id = $2 AND model_version = $3 AND kind = 'object'
