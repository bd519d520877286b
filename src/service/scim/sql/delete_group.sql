DELETE FROM scim_groups WHERE id = $1 AND organization_id = $2
