INSERT INTO revocations (id, organization_id, user_id, session_id, created_at)
VALUES ($1, $2, $3, $4, $5)
