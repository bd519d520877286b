SELECT model_version FROM embedding_sets
WHERE project_id = $1 AND organization_id = $2 AND kind = 'image'
ORDER BY updated_at DESC, model_version LIMIT 1
