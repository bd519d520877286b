SELECT {group_columns}
FROM scim_groups g
WHERE g.organization_id = $1 AND g.id IN (
  SELECT m.group_id FROM scim_members m WHERE m.scim_user_id = $2)
ORDER BY g.id LIMIT 1000
