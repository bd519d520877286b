DELETE FROM identity_providers WHERE id = $1 AND organization_id = $2
