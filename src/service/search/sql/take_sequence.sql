INSERT INTO embedding_sets (organization_id, project_id, model_version, kind, dims, head, updated_at)
VALUES ($1, $2, $3, $4, $5, 1, $6)
ON CONFLICT (project_id, model_version, kind)
DO UPDATE SET head = embedding_sets.head + 1, updated_at = excluded.updated_at
RETURNING head, dims
