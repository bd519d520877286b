SELECT {user_columns}
FROM {user_tables}
WHERE u.organization_id = $1 AND u.id IN (
  SELECT e.scim_user_id FROM scim_emails e WHERE e.organization_id = $1 AND e.email = $2)
ORDER BY u.id LIMIT 1000
