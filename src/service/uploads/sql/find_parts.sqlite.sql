SELECT id FROM upload_parts
WHERE organization_id = $1 AND id IN (SELECT value FROM json_each($2))
