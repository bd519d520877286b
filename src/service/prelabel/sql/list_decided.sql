SELECT class AS class_name, model_version, score, state FROM suggestions
WHERE project_id = $1 AND organization_id = $2 AND state <> 'pending' AND decided_by IS NOT NULL
ORDER BY decided_at DESC, id LIMIT $3
