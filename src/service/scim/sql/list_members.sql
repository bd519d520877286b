SELECT m.scim_user_id AS id, u.user_name, u.display_name
FROM scim_members m JOIN scim_users u ON u.id = m.scim_user_id
WHERE m.group_id = $1 AND m.organization_id = $2 ORDER BY m.scim_user_id
