DELETE FROM suggestions WHERE asset_id = $1 AND organization_id = $2 AND state = 'pending'
