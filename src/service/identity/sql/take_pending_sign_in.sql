DELETE FROM pending_sign_ins WHERE hash = $1 AND expires_at > $2 RETURNING user_id
