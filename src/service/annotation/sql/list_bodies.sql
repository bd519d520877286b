SELECT body FROM annotations WHERE asset_id = $1 AND organization_id = $2 ORDER BY id
