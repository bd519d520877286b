SELECT {user_columns}
FROM {user_tables}
WHERE u.organization_id = $1 AND u.display_key = $2
ORDER BY u.id LIMIT 1000
