scim_users u
LEFT JOIN memberships m ON m.organization_id = u.organization_id AND m.user_id = u.user_id
