SELECT id FROM sessions WHERE cookie_hash = $1
