SELECT g.user_id, g.role, g.role_id, r.permissions AS listed
FROM project_grants g LEFT JOIN roles r ON r.id = g.role_id
WHERE g.project_id = $1 AND g.organization_id = $2 AND g.user_id = $3
