INSERT INTO comment_edits (comment_id, version, id, organization_id, actor_id, edit, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
