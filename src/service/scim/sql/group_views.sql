SELECT g.id, g.display_name, g.updated_at,
       (SELECT COUNT(*) FROM scim_members s WHERE s.group_id = g.id) AS members,
       COALESCE(CAST(r.role_id AS TEXT), r.role) AS role, COALESCE(c.name, r.role) AS role_name
FROM scim_groups g
LEFT JOIN scim_group_roles r ON r.group_id = g.id
LEFT JOIN roles c ON c.id = r.role_id
WHERE g.organization_id = $1 AND g.id > $2
ORDER BY g.id LIMIT $3
