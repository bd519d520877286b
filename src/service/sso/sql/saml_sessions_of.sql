SELECT k.session_id, k.session_index
FROM saml_sessions k JOIN sessions s ON s.id = k.session_id
WHERE k.provider_id = $1 AND k.name_hash = $2 AND s.revoked_at IS NULL
LIMIT 1000
