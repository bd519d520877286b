SELECT a.id FROM assets a
LEFT JOIN embeddings e ON e.subject = a.id AND e.model_version = $3
WHERE a.project_id = $1 AND a.organization_id = $2 AND a.deleted_at IS NULL AND a.kind = 'image'
  AND (e.subject IS NULL OR e.content <> a.sha256 OR e.asset_revision <> a.revision)
ORDER BY a.rank
