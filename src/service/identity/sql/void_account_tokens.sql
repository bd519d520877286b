DELETE FROM account_tokens WHERE user_id = $1
