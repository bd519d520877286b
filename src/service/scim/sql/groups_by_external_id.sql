SELECT {group_columns}
FROM scim_groups g
WHERE g.organization_id = $1 AND g.external_id = $2
ORDER BY g.id LIMIT 1000
