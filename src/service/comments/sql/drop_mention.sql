DELETE FROM mentions WHERE comment_id = $1 AND organization_id = $2 AND user_id = $3
