DELETE FROM passkey_challenges WHERE hash = $1 AND purpose = $2 AND expires_at > $3
RETURNING user_id
