SELECT id, asset_id, shape, label_id, class AS class_name, score, model_version,
       attributes, state, annotation_id, created_at, reasons, job_id
FROM suggestions WHERE project_id = $1 AND organization_id = $2 AND state = 'pending'
ORDER BY asset_id, score DESC, id LIMIT $3
