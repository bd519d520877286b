SELECT m.id AS mention_id, m.created_at AS mentioned_at, m.read_at, t.asset_id, t.project_id,
       c.id, c.thread_id, c.created_by, c.created_at, c.edited_at, c.deleted_at, c.body, c.version,
       0 AS total
FROM mentions m
JOIN comments c ON c.id = m.comment_id
JOIN comment_threads t ON t.id = c.thread_id
WHERE m.organization_id = $1 AND m.user_id = $2 AND m.id < $3 AND coalesce(m.read_at, 0) <= $5
ORDER BY m.id DESC LIMIT $4
