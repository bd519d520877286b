INSERT INTO user_preferences (user_id, name, value, updated_at)
SELECT $1, key, value, $3 FROM json_each($2) WHERE TRUE
ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
