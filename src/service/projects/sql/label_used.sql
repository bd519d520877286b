SELECT n.id FROM annotations n JOIN assets a ON a.id = n.asset_id
WHERE n.label_id = $1 AND n.organization_id = $2 AND a.deleted_at IS NULL LIMIT 1
