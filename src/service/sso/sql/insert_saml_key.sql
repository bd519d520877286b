INSERT INTO saml_keys (provider_id, organization_id, sealed, certificate, created_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (provider_id) DO NOTHING
