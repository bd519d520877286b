SELECT t.project_id FROM comments c JOIN comment_threads t ON t.id = c.thread_id
WHERE c.id = $1 AND c.organization_id = $2
