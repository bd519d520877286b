SELECT count(*) AS total FROM comments WHERE thread_id = $1 AND organization_id = $2
