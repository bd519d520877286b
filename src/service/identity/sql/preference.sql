SELECT value FROM user_preferences WHERE user_id = $1 AND name = $2
