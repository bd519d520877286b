DELETE FROM comment_edits WHERE comment_id = $1 AND organization_id = $2 AND version <= $3
