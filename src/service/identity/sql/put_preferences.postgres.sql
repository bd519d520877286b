INSERT INTO user_preferences (user_id, name, value, updated_at)
SELECT $1::uuid, key, value, $3::bigint FROM json_each_text($2::json) ORDER BY key
ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
