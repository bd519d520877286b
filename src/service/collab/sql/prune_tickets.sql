DELETE FROM used_tickets WHERE expires_at < $1
