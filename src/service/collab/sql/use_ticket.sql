INSERT INTO used_tickets (id, organization_id, expires_at) VALUES ($1, $2, $3)
