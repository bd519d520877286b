SELECT r.role AS mapped, r.role_id AS mapped_id, c.permissions AS listed
FROM scim_group_roles r LEFT JOIN roles c ON c.id = r.role_id
WHERE r.group_id = $1 AND r.organization_id = $2
