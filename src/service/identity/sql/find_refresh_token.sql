SELECT session_id, used_at FROM refresh_tokens WHERE hash = $1
