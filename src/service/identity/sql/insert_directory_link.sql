INSERT INTO directory_links (organization_id, provider_id, subject, user_id, created_at)
VALUES ($1, $2, $3, $4, $5)
