SELECT user_id, organization_id, method FROM pending_sign_ins
WHERE hash = $1 AND expires_at > $2
