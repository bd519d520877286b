DELETE FROM user_preferences WHERE user_id = $1 AND name IN (SELECT value FROM json_each($2))
