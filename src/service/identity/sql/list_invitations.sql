SELECT i.id, i.email, COALESCE(CAST(i.role_id AS TEXT), i.role) AS role,
       COALESCE(r.name, i.role) AS role_name, i.invited_by, i.created_at, i.expires_at,
       i.accepted_at, i.revoked_at
FROM invitations i LEFT JOIN roles r ON r.id = i.role_id
WHERE i.organization_id = $1 AND i.id < $2 ORDER BY i.id DESC LIMIT $3
