SELECT 1 AS found FROM directory_links WHERE user_id = $1 LIMIT 1
