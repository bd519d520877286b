DELETE FROM scim_users WHERE id = $1 AND organization_id = $2
