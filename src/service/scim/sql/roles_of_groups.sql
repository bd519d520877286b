SELECT r.role AS mapped, r.role_id AS mapped_id, c.permissions AS listed
FROM scim_members s
JOIN scim_group_roles r ON r.group_id = s.group_id
LEFT JOIN roles c ON c.id = r.role_id
WHERE s.scim_user_id = $1 AND s.organization_id = $2
