SELECT g.project_id, g.role, r.permissions AS listed
FROM project_grants g LEFT JOIN roles r ON r.id = g.role_id
WHERE g.organization_id = $1 AND g.user_id = $2
