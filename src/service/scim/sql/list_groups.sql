SELECT {group_columns}
FROM scim_groups g
WHERE g.organization_id = $1
ORDER BY g.id LIMIT $2 OFFSET $3
