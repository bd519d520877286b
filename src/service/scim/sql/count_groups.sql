SELECT COUNT(*) AS count FROM scim_groups WHERE organization_id = $1
