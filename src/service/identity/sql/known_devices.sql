SELECT DISTINCT user_agent FROM sessions WHERE user_id = $1 LIMIT 500
