INSERT INTO api_tokens (id, organization_id, user_id, kind, name, hint, hash, scopes, created_by,
                        created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
