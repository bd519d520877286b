DELETE FROM account_tokens WHERE (user_id = $1 AND purpose = $2) OR expires_at < $3
