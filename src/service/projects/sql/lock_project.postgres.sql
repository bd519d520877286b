-- No stronger: rows that refer to it may go on being inserted.
SELECT id, name, type, created_by, created_at, updated_at, revision
FROM projects WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE
