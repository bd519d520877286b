INSERT INTO saml_assertions (provider_id, message_hash, organization_id, expires_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (provider_id, message_hash) DO NOTHING
