SELECT COALESCE(SUM(LENGTH(name) + LENGTH(value)), 0) AS size FROM user_preferences
WHERE user_id = $1
