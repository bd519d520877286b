SELECT id, public_key, sealed, created_at, active_from FROM signing_keys
ORDER BY active_from, id
