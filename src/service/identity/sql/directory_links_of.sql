SELECT provider_id, subject, created_at FROM directory_links
WHERE organization_id = $1 AND user_id = $2 ORDER BY created_at, provider_id LIMIT 200
