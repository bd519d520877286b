SELECT {user_columns}
FROM {user_tables}
WHERE u.organization_id = $1 AND u.external_id = $2
ORDER BY u.id LIMIT 1000
