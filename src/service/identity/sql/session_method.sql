SELECT method FROM sessions WHERE id = $1
