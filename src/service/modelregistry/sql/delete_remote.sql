DELETE FROM remote_models WHERE id = $1 AND organization_id = $2
