SELECT id, organization_id, project_id, user_id, filename, size_bytes, received, state, result, expires_at, lease_until FROM uploads
WHERE id = $1 AND organization_id = $2 AND user_id = $3
