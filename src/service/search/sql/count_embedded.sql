SELECT COUNT(*) AS total, COUNT(e.subject) AS indexed FROM assets a
LEFT JOIN embeddings e ON e.subject = a.id AND e.model_version = $3 AND e.content = a.sha256
WHERE a.project_id = $1 AND a.organization_id = $2 AND a.deleted_at IS NULL AND a.kind = 'image'
