DELETE FROM scim_group_roles WHERE group_id = $1 AND organization_id = $2
