SELECT id FROM assets
WHERE organization_id = $1 AND id > $2 AND revision > 0 AND deleted_at IS NULL
ORDER BY id LIMIT $3
