SELECT name, value FROM user_preferences WHERE user_id = $1 ORDER BY name
