SELECT u.id AS user_id, u.email, u.name, COALESCE(CAST(g.role_id AS TEXT), g.role) AS role,
       COALESCE(r.name, g.role) AS role_name, g.granted_by, g.created_at
FROM project_grants g JOIN users u ON u.id = g.user_id LEFT JOIN roles r ON r.id = g.role_id
WHERE g.project_id = $1 AND g.organization_id = $2 ORDER BY g.created_at, u.id LIMIT 1000
