INSERT INTO invitations (id, organization_id, email, role, role_id, token_hash, invited_by,
                         created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
