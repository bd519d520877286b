INSERT INTO installation_secrets (name, sealed, created_at) VALUES ($1, $2, $3)
ON CONFLICT (name) DO NOTHING
