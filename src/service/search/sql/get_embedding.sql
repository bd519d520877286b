SELECT sequence, subject, asset_id, content, picture_hash, vector FROM embeddings
WHERE subject = $1 AND organization_id = $2 AND model_version = $3
