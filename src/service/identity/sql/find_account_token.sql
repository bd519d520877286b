SELECT user_id, purpose, email FROM account_tokens WHERE hash = $1 AND expires_at > $2
