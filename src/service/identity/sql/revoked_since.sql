SELECT id, organization_id, user_id, session_id, created_at FROM revocations WHERE created_at >= $1
