SELECT r.id, r.name, r.description, r.permissions, r.revision,
       (SELECT COUNT(*) FROM memberships m WHERE m.role_id = r.id) AS members
FROM roles r WHERE r.organization_id = $1 ORDER BY r.name
