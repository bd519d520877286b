SELECT {group_columns}
FROM scim_groups g
WHERE g.organization_id = $1 AND g.display_key = $2
