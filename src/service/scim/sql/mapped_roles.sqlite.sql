{mapped_roles}
WHERE u.organization_id = $1 AND u.id IN (SELECT value FROM json_each($2)) ORDER BY u.id
