SELECT id FROM annotations WHERE label_id = $1 AND organization_id = $2 LIMIT 1
