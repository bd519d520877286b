INSERT INTO saml_sessions (session_id, organization_id, provider_id, name_hash, name,
                           session_index)
VALUES ($1, $2, $3, $4, $5, $6)
