-- Of each who is a member: the role he has, and those of his groups.
SELECT u.id, u.user_id, m.role, m.role_id, r.role AS mapped, r.role_id AS mapped_id,
       c.permissions AS listed
FROM scim_users u
JOIN memberships m ON m.organization_id = u.organization_id AND m.user_id = u.user_id
LEFT JOIN (scim_members s JOIN scim_group_roles r ON r.group_id = s.group_id)
  ON s.scim_user_id = u.id
LEFT JOIN roles c ON c.id = r.role_id
