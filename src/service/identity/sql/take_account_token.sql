DELETE FROM account_tokens WHERE hash = $1 AND expires_at > $2 RETURNING user_id, purpose, email
