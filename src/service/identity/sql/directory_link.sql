SELECT l.user_id, u.disabled_at, u.name, u.password_hash = '' AS passwordless
FROM directory_links l JOIN users u ON u.id = l.user_id
WHERE l.organization_id = $1 AND l.provider_id = $2 AND l.subject = $3
