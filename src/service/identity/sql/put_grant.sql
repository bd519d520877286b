INSERT INTO project_grants (organization_id, project_id, user_id, role, role_id, granted_by,
                            created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (project_id, user_id) DO UPDATE
SET role = excluded.role, role_id = excluded.role_id, granted_by = excluded.granted_by,
    created_at = excluded.created_at
