INSERT INTO pending_sign_ins (hash, user_id, organization_id, method, expires_at)
VALUES ($1, $2, $3, $4, $5)
