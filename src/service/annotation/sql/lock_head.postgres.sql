-- No stronger: rows that refer to it may go on being inserted.
SELECT revision, log_hash, anchored_at FROM assets
WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE
